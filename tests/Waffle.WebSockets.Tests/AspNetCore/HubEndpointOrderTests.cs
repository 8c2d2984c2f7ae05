using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>At an endpoint the connect callback ends before the first message is handled, however early that came.</summary>
public sealed class HubEndpointOrderTests
{
    private readonly ConcurrentQueue<string> _events = new();

    [Fact]
    public async Task C53_the_first_message_waits_for_the_connect_callback()
    {
        var gate = new TaskCompletionSource();
        await using var host = await StartAsync(async (client, token) =>
        {
            await client.JoinAsync("one", token);
            await gate.Task;
            await client.JoinAsync("two", token);
        });
        await using var peer = await host.ConnectPeerAsync("/ws");
        await peer.SendTextAsync("""{"type":"say","payload":"hi"}""");
        await Wait.Eventually(() => host.Hub.Room("one").Count == 1, "the callback has begun");
        await host.Hub.BroadcastTextAsync("from a third party");
        Assert.Equal("from a third party", (await peer.NextAsync()).Text);
        Assert.Equal(["connecting"], _events);

        gate.SetResult();

        Assert.Equal("hi", (await peer.NextAsync()).Text);
        Assert.Equal("hi", (await peer.NextAsync()).Text);
        await peer.SendCloseAsync();
        await peer.ExpectCloseAsync(CloseCode.NormalClosure);
        await Wait.Eventually(() => _events.Count == 4, "the disconnect callback");
        Assert.Equal(["connecting", "connected", "handled", "gone PeerClosed from one,two"], _events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C23_a_connect_callback_that_closes_handles_no_message(bool isAwaited)
    {
        var gate = new TaskCompletionSource();
        await using var host = await StartAsync(async (client, _) =>
        {
            await gate.Task;
            var closing = client.CloseAsync((CloseCode)4100, "busy", CancellationToken.None);
            if (isAwaited)
            {
                await closing;
            }
        });
        await using var peer = await host.ConnectPeerAsync("/ws");
        await peer.SendTextAsync("""{"type":"say","payload":"hi"}""");
        await peer.SyncAsync();
        gate.SetResult();

        Assert.Equal("busy", (await peer.ExpectCloseAsync((CloseCode)4100)).CloseReason);
        await peer.SendCloseAsync(4100);
        Assert.Null(await peer.ReadFrameAsync());
        await Wait.Eventually(() => _events.Count == 3, "the disconnect callback");
        Assert.Equal(["connecting", "connected", "gone ClosedHere from "], _events);
    }

    [Fact]
    public async Task C52_a_connect_callback_that_throws_handles_no_message_and_is_logged_once()
    {
        const int Rounds = 3;
        var gates = new ConcurrentQueue<TaskCompletionSource>();
        await using var host = await StartAsync(async (client, token) =>
        {
            if (client.Connection.GetHttpContext()!.Request.Query.ContainsKey("other"))
            {
                await client.JoinAsync("one", token);
                return;
            }

            await client.JoinAsync("one", token);
            await client.JoinAsync("two", token);
            var gate = new TaskCompletionSource();
            gates.Enqueue(gate);
            await gate.Task;
            throw new FormatException("no such user");
        });
        await using var other = await host.ConnectPeerAsync("/ws?other");
        await Wait.Eventually(() => _events.Count == 2, "the other one is connected");
        _events.Clear();
        for (var round = 1; round <= Rounds; round++)
        {
            await using var peer = await host.ConnectPeerAsync("/ws");
            await peer.SendTextAsync("""{"type":"say","payload":"one"}""");
            await peer.SendTextAsync("""{"type":"say","payload":"two"}""");
            await peer.SyncAsync();
            await Wait.Eventually(() => gates.Count == round, "the callback waits");
            gates.Last().SetResult();

            await peer.ExpectCloseAsync(CloseCode.InternalError);
            await peer.SendCloseAsync(1011);
            Assert.Null(await peer.ReadFrameAsync());
            await Wait.Eventually(() => _events.Count == 2 * round, "the disconnect callback");
            Assert.Equal(["connecting", "gone HandlerFailed from one,two"], _events.Skip(2 * (round - 1)));
            Assert.Equal(1, host.Hub.Count);
            Assert.Equal(["one"], host.Hub.RoomNames);
            Assert.Equal(round, host.Logs.Lines.Count(line => line.Level >= LogLevel.Warning && line.Error is FormatException));
        }

        await other.SendTextAsync("""{"type":"say","payload":"still here"}""");
        Assert.Equal("still here", (await other.NextAsync()).Text);
    }

    [Fact]
    public async Task A_connect_callback_knows_the_request()
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/rooms/{room}"),
            builder => builder.Services.AddWebSocketHub(options => options.OnConnected = static async (client, token) =>
            {
                var http = client.Connection.GetHttpContext();
                await client.JoinAsync($"{http?.Request.RouteValues["room"]}", token);
                await client.SendTextAsync($"{http?.Request.Query["color"]}", default, token);
            }));
        await using var peer = await host.ConnectPeerAsync("/rooms/tea?color=green");

        Assert.Equal("green", (await peer.NextAsync()).Text);
        Assert.Equal(["tea"], host.Hub.RoomNames);
        await using var pair = ConnectionPair.Create();
        Assert.Null(pair.Server.GetHttpContext());
    }

    [Fact]
    public async Task The_request_lives_until_the_disconnect_callback_has_ended_though_the_connect_callback_threw()
    {
        var gate = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var host = await KestrelHost.StartAsync(
            app =>
            {
                app.Use(async (http, next) =>
                {
                    await next(http);
                    ended.SetResult();
                });
                app.MapWebSocketHub("/ws");
            },
            builder => builder.Services.AddWebSocketHub(options =>
            {
                options.OnConnected = static (_, _) => throw new FormatException("no such user");
                options.OnDisconnected = async (_, _) =>
                {
                    _events.Enqueue("disconnecting");
                    await gate.Task;
                };
            }));
        await using var peer = await host.ConnectPeerAsync("/ws");
        await peer.ExpectCloseAsync(CloseCode.InternalError);
        await peer.SendCloseAsync(1011);
        Assert.Null(await peer.ReadFrameAsync());
        await Wait.Eventually(() => !_events.IsEmpty, "the disconnect callback");
        Assert.False(ended.Task.IsCompleted);
        gate.SetResult();

        await ended.Task.Soon();
    }

    private Task<KestrelHost> StartAsync(Func<HubClient, CancellationToken, Task> onConnected)
    {
        var router = new MessageRouter().On<string>("say", async (client, text, token) =>
        {
            _events.Enqueue("handled");
            foreach (var room in client.Rooms)
            {
                await room.BroadcastTextAsync(text, default, token);
            }
        });
        return KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws", router),
            builder => builder.Services.AddWebSocketHub(options =>
            {
                options.OnConnected = async (client, token) =>
                {
                    _events.Enqueue("connecting");
                    await onConnected(client, token);
                    _events.Enqueue("connected");
                };
                options.OnDisconnected = (_, disconnect) =>
                {
                    _events.Enqueue($"gone {disconnect.Close.Cause} from {string.Join(',', disconnect.RoomNames.Order())}");
                    return Task.CompletedTask;
                };
            }));
    }
}
