using Waffle.WebSockets.Hubs;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>A client may send something that can't be understood, but not again and again.</summary>
public sealed class MalformedMessagesTests : IDisposable
{
    private const int Most = 20;
    private const string InvalidJson = "nonsense";

    private readonly CountedLimits _limits = new();

    public void Dispose() => _limits.Dispose();

    [Theory]
    [InlineData(InvalidJson)]
    [InlineData("[]")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":"chat","id":7}""")]
    public async Task More_than_20_within_10_s_close_with_1008(string message)
    {
        await using var scene = await StartAsync();
        await SendAsync(scene, message, Most);
        Assert.False(scene.Peer.Client.Connection.IsClosed);
        await scene.SendAsync(message);

        var close = await scene.Peer.Peer.ExpectCloseAsync(CloseCode.PolicyViolation);
        Assert.Equal("Too many messages could not be understood.", close.CloseReason);
        await scene.Peer.Peer.SendCloseAsync(1008);
        var end = await scene.Run.Soon();
        Assert.Equal((CloseCode.PolicyViolation, CloseCause.RateLimited), (end.Code, end.Cause));
        await _limits.ExpectOnlyAsync("max_malformed_messages");
    }

    [Fact]
    public async Task Binary_messages_count_too()
    {
        await using var scene = await StartAsync();
        await SendAsync(scene, InvalidJson, Most);
        await scene.Peer.Peer.SendBinaryAsync(new byte[1]);

        await scene.Peer.Peer.ExpectCloseAsync(CloseCode.PolicyViolation);
    }

    [Fact]
    public async Task Twenty_in_any_10_s_may_come_for_ever()
    {
        await using var scene = await StartAsync();
        for (var round = 0; round < 5; round++)
        {
            await SendAsync(scene, InvalidJson, Most);
            scene.Advance(MalformedMessages.Period);
        }

        await SendAsync(scene, InvalidJson, Most / 2);
        scene.Advance(MalformedMessages.Period - TimeSpan.FromMilliseconds(1));
        await SendAsync(scene, InvalidJson, Most / 2);
        scene.Advance(TimeSpan.FromMilliseconds(1));
        await SendAsync(scene, InvalidJson, Most / 2);
        Assert.False(scene.Peer.Client.Connection.IsClosed);
        await scene.SendAsync(InvalidJson);

        await scene.Peer.Peer.ExpectCloseAsync(CloseCode.PolicyViolation);
    }

    [Fact]
    public async Task What_a_handler_cannot_read_or_throws_does_not_count_nor_does_an_unknown_type()
    {
        var router = new MessageRouter()
            .On<int>("number", static (_, _, _) => Task.CompletedTask)
            .On("fail", static (_, _, _) => throw new MessageRejectedException("no", "No."));
        await using var scene = await StartAsync(router);

        await SendAsync(scene, """{"type":"number","payload":"text"}""", 2 * Most);
        await SendAsync(scene, """{"type":"fail"}""", 2 * Most);
        for (var i = 0; i < 2 * Most; i++)
        {
            await scene.SendAsync("""{"type":"unknown"}""");
        }

        Assert.Equal(CloseCause.PeerClosed, (await scene.CloseAsync()).Cause);
        Assert.Empty(_limits.Counts);
    }

    [Fact]
    public async Task They_count_whatever_filters_and_OnError_do_about_them()
    {
        var heard = 0;
        var router = new MessageRouter()
            .Use(static async (context, next) =>
            {
                context.GetMessage();
                await next(context);
            })
            .OnError((_, _) => new ValueTask<bool>(Interlocked.Increment(ref heard) > 0));
        await using var scene = await StartAsync(router);
        for (var i = 0; i <= Most; i++)
        {
            await scene.SendAsync(InvalidJson);
        }

        await scene.Peer.Peer.ExpectCloseAsync(CloseCode.PolicyViolation);
        Assert.Equal(Most, heard);
    }

    [Theory]
    [InlineData("swallows", InvalidJson)]
    [InlineData("swallows", null)]
    [InlineData("wraps", InvalidJson)]
    [InlineData("wraps", null)]
    [InlineData("stops", InvalidJson)]
    public async Task They_count_where_a_filter_keeps_them_to_itself(string filter, string? text)
    {
        var router = new MessageRouter().Use(async (context, next) =>
        {
            try
            {
                if (filter != "stops")
                {
                    await next(context);
                }
            }
            catch (WebSocketConnectionException error)
            {
                if (filter == "wraps")
                {
                    throw new MessageRejectedException("no", error.Message);
                }
            }
        });
        await using var scene = await StartAsync(router);
        for (var i = 0; i < Most; i++)
        {
            await SendAsync();
            if (filter == "wraps")
            {
                await scene.Peer.NextTextAsync();
            }
        }

        await scene.Peer.Peer.SyncAsync();
        Assert.False(scene.Peer.Client.Connection.IsClosed);
        await SendAsync();
        await scene.Peer.Peer.ExpectCloseAsync(CloseCode.PolicyViolation);
        await _limits.ExpectOnlyAsync("max_malformed_messages");

        Task SendAsync() => text is null ? scene.Peer.Peer.SendBinaryAsync(new byte[1]) : scene.SendAsync(text);
    }

    [Fact]
    public async Task What_filters_stop_or_take_although_nothing_is_wrong_with_it_does_not_count()
    {
        var router = new MessageRouter().Use(static (_, _) => Task.CompletedTask);
        await using var scene = await StartAsync(router);
        for (var i = 0; i <= 2 * Most; i++)
        {
            await scene.Peer.Peer.SendBinaryAsync(new byte[1]);
            await scene.SendAsync("""{"type":"chat"}""");
        }

        Assert.Equal(CloseCause.PeerClosed, (await scene.CloseAsync()).Cause);
        Assert.Empty(_limits.Counts);
    }

    [Fact]
    public async Task What_a_filter_throws_about_a_binary_message_that_it_takes_does_not_count()
    {
        var router = new MessageRouter().Use(static (context, next) =>
            context.Kind == MessageKind.Binary ? throw new MessageRejectedException("quota", "No more today.") : next(context));
        await using var scene = await StartAsync(router);
        for (var i = 0; i <= 2 * Most; i++)
        {
            await scene.Peer.Peer.SendBinaryAsync(new byte[1]);
            Assert.Contains("quota", await scene.Peer.NextTextAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(CloseCause.PeerClosed, (await scene.CloseAsync()).Cause);
        Assert.Empty(_limits.Counts);
    }

    [Fact]
    public async Task Zero_is_no_limit()
    {
        await using var scene = await StartAsync(options: new WebSocketHubOptions { MaxMalformedMessages = 0 });
        await SendAsync(scene, InvalidJson, 10 * Most);

        Assert.Equal(CloseCause.PeerClosed, (await scene.CloseAsync()).Cause);
        Assert.Empty(_limits.Counts);
    }

    [Theory]
    [InlineData("message_depth", 32)]
    [InlineData("message_type_length", 128)]
    [InlineData("message_id_length", 128)]
    public async Task What_is_too_deep_or_too_long_is_counted_by_its_own_name(string limit, int value)
    {
        var message = limit switch
        {
            "message_depth" => $$"""{"type":"chat","payload":{{new string('[', value)}}{{new string(']', value)}}}""",
            "message_type_length" => $$"""{"type":"{{new string('x', value + 1)}}"}""",
            _ => $$"""{"type":"chat","id":"{{new string('x', value + 1)}}"}""",
        };
        await using var scene = await StartAsync();
        await SendAsync(scene, message, 3);
        await _limits.ExpectOnlyAsync(limit, 3);
        Assert.Contains($"Limit {limit} was met: {value} ", Assert.Single(_limits.Logs.Lines).Text, StringComparison.Ordinal);

        await using var pair = ConnectionPair.Create(limits: _limits);
        await pair.Client.SendTextAsync(message);
        await Assert.ThrowsAsync<MessageFormatException>(() => pair.Server.ReadMessageAsync().Soon());
        await _limits.ExpectOnlyAsync(limit, 4);
    }

    private Task<RouterScene> StartAsync(MessageRouter? router = null, WebSocketHubOptions? options = null) =>
        RouterScene.StartAsync(router ?? new MessageRouter(), services: _limits.Services, options: options);

    // Each is answered by an error, and the connection stays.
    private static async Task SendAsync(RouterScene scene, string message, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.StartsWith("""{"type":"error",""", await scene.AskAsync(message), StringComparison.Ordinal);
        }
    }
}
