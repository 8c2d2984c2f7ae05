using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>Messages of types that allow it are handled beside each other, bounded per client.</summary>
public sealed class ParallelHandlingTests
{
    private const string Slow = """{"type":"slow"}""";

    private readonly GatedHandler _slow = new();

    [Fact]
    public async Task As_many_as_allowed_run_at_once_and_never_more()
    {
        const int Messages = 50;
        await using var scene = await RouterScene.StartAsync(CreateRouter(maxConcurrency: 3));
        for (var i = 0; i < Messages; i++)
        {
            await scene.SendAsync(Slow);
        }

        for (var ended = 0; ended < Messages; ended++)
        {
            await Wait.Eventually(() => _slow.Begun == Math.Min(ended + 3, Messages), "the next one has begun");
            _slow.Release();
        }

        await scene.CloseAsync();
        Assert.Equal((Messages, 3, 0), (_slow.Begun, _slow.Most, _slow.Running));
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task One_more_holds_up_all_behind_it_until_one_has_ended()
    {
        var (isReleased, seen) = (false, new ConcurrentQueue<bool>());
        var router = CreateRouter(maxConcurrency: 2).On("ordered", (_, _, _) =>
        {
            seen.Enqueue(Volatile.Read(ref isReleased));
            return Task.CompletedTask;
        });
        await using var scene = await RouterScene.StartAsync(router);
        for (var i = 0; i < 3; i++)
        {
            await scene.SendAsync(Slow);
        }

        await scene.SendAsync("""{"type":"ordered"}""");
        await Wait.Eventually(() => _slow.Begun == 2, "two have begun");
        await scene.Peer.Peer.SyncAsync();
        Assert.Equal((2, 0), (_slow.Begun, seen.Count));
        Volatile.Write(ref isReleased, true);
        _slow.Release();

        await Wait.Eventually(() => _slow.Begun == 3 && seen.Count == 1, "the others have their turn");
        _slow.Release(2);
        await scene.CloseAsync();
        Assert.Equal([true], seen);
    }

    [Fact]
    public async Task Other_types_keep_their_order_beside_those_that_run()
    {
        var handled = new List<int>();
        var router = CreateRouter(maxConcurrency: 2).On<int>("ordered", async (client, number, token) =>
        {
            await Task.Yield();
            handled.Add(number);
            await client.SendTextAsync($"{number}", default, token);
        });
        await using var scene = await RouterScene.StartAsync(router);
        await scene.SendAsync(Slow);
        for (var i = 0; i < 100; i++)
        {
            await scene.SendAsync($$"""{"type":"ordered","payload":{{i}}}""");
            if (i == 50)
            {
                await scene.SendAsync(Slow);
            }
        }

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal($"{i}", await scene.Peer.NextTextAsync());
        }

        await Wait.Eventually(() => _slow.Running == 2, "both still run");
        _slow.Release(2);
        await scene.CloseAsync();
        Assert.Equal(Enumerable.Range(0, 100), handled);
    }

    [Fact]
    public async Task Each_type_and_each_client_has_its_own_limit()
    {
        var other = new GatedHandler();
        var router = CreateRouter(maxConcurrency: 2).On("other", other.Handler, new MessageRouteOptions { MaxConcurrency = 2 });
        await using var scene = await RouterScene.StartAsync(router);
        var bob = await scene.ConnectAsync("bob");
        foreach (var message in new[] { Slow, Slow, """{"type":"other"}""", """{"type":"other"}""", Slow })
        {
            await scene.SendAsync(message);
        }

        await Wait.Eventually(() => (_slow.Begun, other.Begun) == (2, 2), "as many as allowed of each type");
        await bob.Peer.SendTextAsync(Slow);
        await bob.Peer.SendTextAsync(Slow);

        await Wait.Eventually(() => _slow.Begun == 4, "the other client's own");
        _slow.Release(5);
        other.Release(2);
        await scene.CloseAsync();
        Assert.Equal((5, 2), (_slow.Begun, other.Begun));
    }

    [Fact]
    public async Task Types_whose_first_message_comes_while_others_end_do_not_disturb_them()
    {
        var types = Enumerable.Range(0, 40).Select(i => $"type {i}").ToList();
        var handled = 0;
        var router = new MessageRouter();
        var options = new MessageRouteOptions { MaxConcurrency = 2 };
        foreach (var type in types)
        {
            router.On(type, (_, _, _) => Task.FromResult(Interlocked.Increment(ref handled)), options);
        }

        for (var round = 1; round <= 50; round++)
        {
            await using var scene = await RouterScene.StartAsync(router);
            foreach (var type in types)
            {
                await scene.SendAsync($$"""{"type":"{{type}}"}""");
            }

            await scene.CloseAsync();
            Assert.Equal(round * types.Count, handled);
        }
    }

    [Fact]
    public async Task A_handler_that_computes_does_not_hold_up_what_follows()
    {
        using var end = new ManualResetEventSlim();
        var options = new MessageRouteOptions { MaxConcurrency = 2 };
        var router = new MessageRouter()
            .On("compute", (_, _, token) => Task.FromResult(end.Wait(RawPeer.Patience, token)), options)
            .On("ping", static async (client, _, token) => await client.SendTextAsync("pong", default, token));
        await using var scene = await RouterScene.StartAsync(router);

        await scene.SendAsync("""{"type":"compute"}""");
        Assert.Equal("pong", await scene.AskAsync("""{"type":"ping"}"""));
        Assert.False(end.IsSet);

        end.Set();
        await scene.CloseAsync();
    }

    [Fact]
    public async Task Each_message_keeps_its_bytes_although_the_connection_reads_on()
    {
        const int Messages = 2_000;
        var (payloads, messages) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        var router = new MessageRouter()
            .On<string>("keep", (_, payload, _) =>
            {
                payloads.Add(payload);
                return Task.CompletedTask;
            }, new MessageRouteOptions { MaxConcurrency = 8 })
            .Use(async (context, next) =>
            {
                await Task.Yield();
                await next(context);
                await Task.Yield();
                messages.Add(Encoding.UTF8.GetString(context.Data.Span));
            });
        await using var scene = await RouterScene.StartAsync(router);
        var expected = Enumerable.Range(0, Messages).Select(i => $"{i} {new string((char)('a' + i % 26), i % 300)}").ToList();

        foreach (var payload in expected)
        {
            await scene.SendAsync($$"""{"type":"keep","payload":"{{payload}}"}""");
        }

        await scene.CloseAsync();
        Assert.Equal(expected.Order(), payloads.Order());
        Assert.Equal(expected.Select(payload => $$"""{"type":"keep","payload":"{{payload}}"}""").Order(), messages.Order());
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task Each_that_fails_is_answered_with_its_own_id()
    {
        const int Messages = 100;
        var router = new MessageRouter().OnRequest<int, int>("half", static async (_, number, _) =>
        {
            await Task.Yield();
            return number % 2 == 0 ? number / 2 : throw new MessageRejectedException("odd", $"{number} is odd.");
        }, new MessageRouteOptions { MaxConcurrency = 5 });
        await using var scene = await RouterScene.StartAsync(router);

        for (var i = 0; i < Messages; i++)
        {
            await scene.SendAsync($$"""{"type":"half","payload":{{i}},"id":"{{i}}"}""");
        }

        var replies = new List<string>();
        for (var i = 0; i < Messages; i++)
        {
            replies.Add(await scene.Peer.NextTextAsync());
        }

        var expected = Enumerable.Range(0, Messages).Select(i => i % 2 == 0
            ? $$"""{"type":"half","payload":{{i / 2}},"id":"{{i}}"}"""
            : $$$"""{"type":"error","payload":{"code":"odd","message":"{{{i}}} is odd."},"id":"{{{i}}}"}""");
        Assert.Equal(expected.Order(), replies.Order());
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_fast_reply_overtakes_a_slow_one()
    {
        var gate = new TaskCompletionSource();
        var router = new MessageRouter().OnRequest<int, int>("same", async (_, number, _) =>
        {
            await (number == 1 ? gate.Task : Task.CompletedTask);
            return number;
        }, new MessageRouteOptions { MaxConcurrency = 2 });
        await using var scene = await RouterScene.StartAsync(router);

        await scene.SendAsync("""{"type":"same","payload":1}""");
        Assert.Equal("""{"type":"same","payload":2}""", await scene.AskAsync("""{"type":"same","payload":2}"""));
        gate.SetResult();
        Assert.Equal("""{"type":"same","payload":1}""", await scene.Peer.NextTextAsync());
    }

    [Fact]
    public async Task Each_that_runs_for_30_seconds_is_logged_once()
    {
        var limit = TimeSpan.FromSeconds(30);
        await using var scene = await RouterScene.StartAsync(CreateRouter(maxConcurrency: 3));
        await scene.SendAsync(Slow);
        await scene.SendAsync(Slow);
        await Wait.Eventually(() => _slow.Begun == 2, "both have begun");

        scene.Advance(limit - ConnectionTestExtensions.Tick);
        Assert.Empty(scene.Logs.Lines);
        scene.Advance(ConnectionTestExtensions.Tick);
        Assert.Equal([LogLevel.Warning, LogLevel.Warning], scene.Logs.Lines.Select(line => line.Level));
        scene.Advance(limit * 3);
        Assert.Equal(2, scene.Logs.Lines.Count);

        _slow.Release(2);
        await scene.CloseAsync();
    }

    [Fact]
    public async Task The_options_are_read_when_the_handler_is_added()
    {
        var options = new MessageRouteOptions { MaxConcurrency = 2 };
        var router = new MessageRouter().On("slow", _slow.Handler, options);
        options.MaxConcurrency = 1;
        await using var scene = await RouterScene.StartAsync(router);

        await scene.SendAsync(Slow);
        await scene.SendAsync(Slow);

        await Wait.Eventually(() => _slow.Running == 2, "both run");
        _slow.Release(2);
        await scene.CloseAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_limit_below_one_is_refused(int maxConcurrency)
    {
        var options = new MessageRouteOptions();

        Assert.Throws<ArgumentOutOfRangeException>(() => options.MaxConcurrency = maxConcurrency);
        Assert.Equal(1, options.MaxConcurrency);
    }

    private MessageRouter CreateRouter(int maxConcurrency) =>
        new MessageRouter().On("slow", _slow.Handler, new MessageRouteOptions { MaxConcurrency = maxConcurrency });
}
