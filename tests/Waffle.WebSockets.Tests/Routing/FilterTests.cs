using System.Text;
using System.Threading.RateLimiting;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Protocol;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>Filters see every message before its handler does, and may drop or refuse it.</summary>
public sealed class FilterTests
{
    private readonly List<string> _steps = [];

    [Fact]
    public async Task Filters_surround_the_handler_in_the_order_in_which_they_were_added()
    {
        var router = new MessageRouter()
            .Use(async (context, next) =>
            {
                _steps.Add("first in");
                await next(context);
                _steps.Add("first out");
            })
            .On("work", (_, _, _) =>
            {
                _steps.Add("handler");
                return Task.CompletedTask;
            })
            .Use(async (context, next) =>
            {
                _steps.Add("second in");
                await next(context);
                _steps.Add("second out");
            });
        await using var scene = await RouterScene.StartAsync(router);

        await scene.SendAsync("""{"type":"work"}""");

        await scene.CloseAsync();
        Assert.Equal(["first in", "second in", "handler", "second out", "first out"], _steps);
    }

    [Fact]
    public async Task A_filter_sees_every_message_whatever_it_is()
    {
        var router = new MessageRouter().On<int>("number", static (_, _, _) => Task.CompletedTask).Use((context, next) =>
        {
            _steps.Add($"{context.Client.Id} {context.Kind} {context.Type ?? "-"} {context.Id ?? "-"} {context.Data.Length}");
            return next(context);
        });
        await using var scene = await RouterScene.StartAsync(router);

        await scene.SendAsync("""{"type":"number","payload":1,"id":"7"}""");
        await scene.SendAsync("""{"type":"nobody"}""");
        await scene.SendAsync("""{"type":"number","payload":"text","id":""}""");
        await scene.SendAsync("""{"id":"8","type":7}""");
        await scene.SendAsync("""{"type":"number","id":9}""");
        await scene.SendAsync("""{"type":"number","id":"10" """);
        await scene.SendAsync("nonsense");
        await scene.SendAsync(string.Empty);
        await scene.Peer.Peer.SendBinaryAsync(new byte[3]);

        await Wait.Eventually(() => _steps.Count == 9, "all have been seen");
        Assert.Equal(
            [
                "ann Text number 7 38", "ann Text nobody - 17", "ann Text number  42", "ann Text - 8 19", "ann Text number - 24",
                "ann Text number 10 27", "ann Text - - 8", "ann Text - - 0", "ann Binary - - 3",
            ],
            _steps);
    }

    [Fact]
    public async Task A_message_that_is_not_passed_on_is_dropped_without_a_word()
    {
        var router = new MessageRouter()
            .On<int>("number", async (client, number, token) => await client.SendTextAsync($"{number}", default, token))
            .Use(static (context, next) => context.Id == "drop" ? Task.CompletedTask : next(context));
        await using var scene = await RouterScene.StartAsync(router);

        await scene.SendAsync("""{"type":"number","payload":1,"id":"drop"}""");
        await scene.SendAsync("""{"type":7,"id":"drop"}""");

        Assert.Equal("2", await scene.AskAsync("""{"type":"number","payload":2}"""));
        Assert.Empty(scene.Logs.Lines);
    }

    [Theory]
    [InlineData("""{"type":"work","id":"7"}""", ""","id":"7"}""")]
    [InlineData("""{"type":"nobody","id":"7"}""", ""","id":"7"}""")]
    [InlineData("""{"id":"7","type":7}""", ""","id":"7"}""")]
    [InlineData("nonsense", "}")]
    public async Task A_message_that_a_filter_refuses_is_answered_with_its_id(string message, string end)
    {
        var router = new MessageRouter()
            .On("work", static (_, _, _) => throw new InvalidOperationException("not to be called"))
            .Use(static (_, _) => throw new MessageRejectedException("not_now", "Come back later."));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal(
            """{"type":"error","payload":{"code":"not_now","message":"Come back later."}""" + end, await scene.AskAsync(message));
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_token_bucket_refuses_the_third_message_of_each_client()
    {
        var router = new MessageRouter()
            .On<int>("number", static async (client, number, token) => await client.SendTextAsync($"{number}", default, token))
            .Use(static async (context, next) =>
            {
                if (context.Client.Get<RateLimiter>("limiter") is not { } limiter)
                {
                    context.Client.Set("limiter", limiter = CreateBucket(tokens: 2));
                }

                using var lease = await limiter.AcquireAsync(1, context.CancellationToken);
                if (!lease.IsAcquired)
                {
                    throw new MessageRejectedException("too_many_messages", "Slow down.");
                }

                await next(context);
            });
        await using var scene = await RouterScene.StartAsync(router);
        var other = await scene.ConnectAsync("bob");

        Assert.Equal("1", await scene.AskAsync("""{"type":"number","payload":1}"""));
        Assert.Equal("2", await scene.AskAsync("""{"type":"number","payload":2}"""));
        Assert.Equal(
            """{"type":"error","payload":{"code":"too_many_messages","message":"Slow down."},"id":"3"}""",
            await scene.AskAsync("""{"type":"number","payload":3,"id":"3"}"""));
        await other.Peer.SendTextAsync("""{"type":"number","payload":4}""");
        Assert.Equal("4", await other.NextTextAsync());
    }

    [Fact]
    public async Task A_filter_finds_what_is_thrown_behind_it_in_the_task_that_it_gets()
    {
        var router = new MessageRouter()
            .On("fail", static (_, _, _) => throw new FormatException("secret"))
            .Use(async (context, next) =>
            {
                var work = next(context);
                await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var error = work.Exception?.InnerException?.GetType().Name;
                await context.Client.SendTextAsync($"caught {error}", default, context.CancellationToken);
            })
            .Use(static (context, next) => context.Type == "refuse" ? throw new MessageRejectedException("no", "No.") : next(context));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal("caught FormatException", await scene.AskAsync("""{"type":"fail"}"""));
        Assert.Equal("caught MessageRejectedException", await scene.AskAsync("""{"type":"refuse"}"""));
        Assert.Equal("caught MessageFormatException", await scene.AskAsync("nonsense"));
        await scene.Peer.Peer.SendBinaryAsync(new byte[1]);
        Assert.Equal("caught UnexpectedMessageKindException", await scene.Peer.NextTextAsync());
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_filter_that_fails_is_a_fault_as_a_handler_that_does()
    {
        var router = new MessageRouter().Use(static (_, _) => throw new FormatException("secret"));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal(
            """{"type":"error","payload":{"code":"internal_error","message":"The message could not be handled."},"id":"7"}""",
            await scene.AskAsync("""{"type":"any","id":"7"}"""));
        Assert.IsType<FormatException>(Assert.Single(scene.Logs.Lines).Error);
    }

    [Fact]
    public async Task The_whole_message_is_a_copy()
    {
        var kept = new List<TypedMessage>();
        var router = new MessageRouter().Use((context, _) =>
        {
            var message = context.GetMessage();
            Assert.Same(message, context.GetMessage());
            kept.Add(message);
            return Task.CompletedTask;
        });
        await using var scene = await RouterScene.StartAsync(router);
        for (var i = 0; i < 100; i++)
        {
            await scene.SendAsync($$"""{"type":"t{{i}}","payload":[{{i}}],"id":"{{i}}"}""");
        }

        await scene.CloseAsync();
        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => $"t{i} [{i}] {i}"),
            kept.Select(message => $"{message.Type} {message.Payload} {message.Id}"));
    }

    [Fact]
    public async Task What_is_no_message_cannot_be_got_as_one()
    {
        var router = new MessageRouter().Use((context, _) =>
        {
            _steps.Add(Assert.ThrowsAny<WebSocketConnectionException>(context.GetMessage).GetType().Name);
            return Task.CompletedTask;
        });
        await using var scene = await RouterScene.StartAsync(router);

        await scene.SendAsync("nonsense");
        await scene.Peer.Peer.SendBinaryAsync(new byte[1]);

        await scene.CloseAsync();
        Assert.Equal([nameof(MessageFormatException), nameof(UnexpectedMessageKindException)], _steps);
    }

    [Fact]
    public async Task A_message_costs_no_memory_where_nobody_filters()
    {
        await using var scene = await RouterScene.StartAsync(new MessageRouter());
        var client = scene.Peer.Client;
        var message = Encoding.UTF8.GetBytes("""{"type":"number","payload":7}""");
        var handled = 0;
        var plain = new MessageRouter().On<int>("number", (_, number, _) =>
        {
            handled += number;
            return Task.CompletedTask;
        });
        var filtered = new MessageRouter().Use(static (context, next) => next(context));

        var plainCosts = Allocation.Of(() => Assert.True(plain.RouteAsync(client, message).IsCompletedSuccessfully));
        Assert.Equal(RouteAllocationTests.CallCosts, plainCosts);
        Assert.True(Allocation.Of(() => Assert.True(filtered.RouteAsync(client, message).IsCompletedSuccessfully)) > plainCosts);
        Assert.NotEqual(0, handled);
    }

    [Fact]
    public async Task Filters_are_added_before_the_first_message()
    {
        var router = new MessageRouter();
        Assert.Throws<ArgumentNullException>(() => router.Use(null!));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Throws<InvalidOperationException>(() => router.Use(static (context, next) => next(context)));
    }

    // Nothing is given back by itself: time plays no part.
    private static TokenBucketRateLimiter CreateBucket(int tokens) => new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = tokens,
        TokensPerPeriod = tokens,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        AutoReplenishment = false,
        QueueLimit = 0,
    });
}
