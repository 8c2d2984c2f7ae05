using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Connections on a real server: what its callbacks must not do to them, nor slow or lost peers to others.</summary>
[Collection(RunsAlone.Name)]
public sealed class EndpointTests
{
    [Fact]
    public async Task No_frame_comes_before_a_delayed_101()
    {
        var starting = new TaskCompletionSource();
        var mayStart = new TaskCompletionSource();
        await using var host = await KestrelHost.StartAsync(
            app =>
            {
                app.Use((http, next) =>
                {
                    http.Response.OnStarting(() =>
                    {
                        starting.SetResult();
                        return mayStart.Task;
                    });
                    return next(http);
                });
                app.MapWebSocketHub("/ws");
            },
            builder => builder.Services.AddWebSocketHub(options =>
                options.OnConnected = async (client, ct) => await client.SendTextAsync("welcome", default, ct)));
        var connecting = host.ConnectPeerAsync("/ws");
        await starting.Task.Soon();
        for (var i = 0; i < 100; i++)
        {
            var result = await host.Hub.BroadcastTextAsync("too early");
            Assert.Equal(0, result.Targeted);
        }

        mayStart.SetResult();
        await using var peer = await connecting.Soon();
        Assert.Equal("welcome", (await peer.ReadFrameAsync())!.Text);
        await host.Hub.BroadcastTextAsync("in time");
        Assert.Equal("in time", (await peer.ReadFrameAsync())!.Text);
    }

    [Fact]
    public async Task Every_length_arrives_in_its_shortest_form_single_and_broadcast()
    {
        int[] lengths = [.. Enumerable.Range(120, 11), .. Enumerable.Range(65_530, 11)];
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws"), builder => builder.Services.AddWebSocketHub());
        await using var peer = await host.ConnectPeerAsync("/ws");
        await Wait.Eventually(() => host.Hub.Count == 1);
        var client = host.Hub.Clients.Single();
        foreach (var length in lengths)
        {
            var text = new string('x', length);
            await client.SendTextAsync(text);
            await host.Hub.BroadcastBinaryAsync(new byte[length]);
            var single = await peer.ReadFrameAsync();
            var broadcast = await peer.ReadFrameAsync();
            var headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
            Assert.Equal((text, headerLength, RawFrame.TextOpcode), (single!.Text, single.HeaderLength, single.Opcode));
            Assert.Equal((length, headerLength), (broadcast!.Payload.Length, broadcast.HeaderLength));
            Assert.False(single.IsMasked || broadcast.IsMasked);
        }

        foreach (var characters in new[] { 41, 42, 43 })
        {
            await client.SendTextAsync(new string('\u20AC', characters));
            var frame = await peer.ReadFrameAsync();
            Assert.Equal((characters * 3, characters == 41 ? 2 : 4), (frame!.Payload.Length, frame.HeaderLength));
        }
    }

    [Fact]
    public async Task A_reader_that_stalls_is_cut_and_nobody_else_notices()
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws", options => options.SendQueueMaxBytes = 64 * 1024),
            builder =>
            {
                builder.Services.AddWebSocketHub();
                builder.UseSmallSendBuffers();
            });
        await using var stalled = await host.ConnectAsync(socket => socket.ReceiveBufferSize = 4 * 1024);
        await RawHandshake.SendAsync(stalled, RawHandshake.Request("/ws"));
        await Wait.Eventually(() => host.Hub.Count == 1);
        var stalledClient = host.Hub.Clients.Single();
        await using var healthy = await host.ConnectPeerAsync("/ws");
        await Wait.Eventually(() => host.Hub.Count == 2);

        var padding = new string('x', 8 * 1024);
        var round = 0;
        for (; !stalledClient.Connection.IsClosed; round++)
        {
            await host.Hub.BroadcastTextAsync($"{round} {padding}");
            Assert.StartsWith($"{round} ", (await healthy.ReadFrameAsync())!.Text, StringComparison.Ordinal);
        }

        var close = await stalledClient.Connection.Completion.Soon();
        Assert.Equal((CloseCode.TryAgainLater, CloseCause.SlowConsumer), (close.Code, close.Cause));
        await Wait.Eventually(() => host.Hub.Count == 1);
        await host.Hub.BroadcastTextAsync("still here");
        Assert.Equal("still here", (await healthy.ReadFrameAsync())!.Text);
        Assert.Empty(host.Complaints());
    }

    [Fact]
    public async Task Five_hundred_resets_at_once_are_five_hundred_disconnects()
    {
        const int Count = 500;
        using var unobserved = new UnobservedErrors();
        var disconnects = 0;
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws"),
            builder => builder.Services.AddWebSocketHub(options =>
            {
                options.OnConnected = async (client, ct) => await client.JoinAsync("all", ct);
                options.OnDisconnected = (_, _) =>
                {
                    Interlocked.Increment(ref disconnects);
                    return Task.CompletedTask;
                };
            }));
        var sockets = new List<Socket>();
        for (var i = 0; i < Count; i++)
        {
            await RawHandshake.SendAsync(await host.ConnectAsync(sockets.Add), RawHandshake.Request("/ws"));
        }

        await Wait.Eventually(() => host.Hub.Room("all").Count == Count);
        var mayStop = new TaskCompletionSource();
        var broadcasting = BroadcastUntilAsync(host.Hub.Room("all"), mayStop.Task);
        Parallel.ForEach(sockets, Reset);
        await Wait.Eventually(() => Volatile.Read(ref disconnects) == Count);
        mayStop.SetResult();
        await broadcasting.Soon();

        Assert.Equal(0, host.Hub.Count);
        Assert.Empty(host.Hub.RoomNames);
        await using (var peer = await host.ConnectPeerAsync("/ws"))
        {
            await Wait.Eventually(() => host.Hub.Count == 1);
        }

        await host.App.StopAsync();
        Assert.Equal(Count + 1, disconnects);
        Assert.Equal(string.Empty, string.Join("\n", host.Complaints()));
        Assert.Empty(unobserved.Find());
    }

    [Theory]
    [InlineData("in the middle of a frame")]
    [InlineData("during a write")]
    [InlineData("during the closing handshake")]
    public async Task A_reset_is_told_as_the_cause_and_not_logged(string when)
    {
        const int Count = 100;
        using var unobserved = new UnobservedErrors();
        var ends = new List<CloseInfo>();
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws", async (client, ct) =>
            {
                var kind = await client.Connection.ReadTextAsync(ct);
                if (kind == "during a write")
                {
                    await client.SendBinaryAsync(new byte[4 * 1024 * 1024], default, ct);
                }
                else if (kind == "during the closing handshake")
                {
                    await client.CloseAsync(CloseCode.GoingAway, string.Empty, ct);
                }

                await client.Connection.ReadTextAsync(ct);
            }),
            builder => builder.Services.AddWebSocketHub(options => options.OnDisconnected = (_, disconnect) =>
            {
                lock (ends)
                {
                    ends.Add(disconnect.Close);
                }

                return Task.CompletedTask;
            }));
        for (var i = 0; i < Count; i++)
        {
            Socket? socket = null;
            var stream = await host.ConnectAsync(created => socket = created);
            var (_, transport) = await RawHandshake.SendAsync(stream, RawHandshake.Request("/ws"));
            var peer = new RawPeer(transport);
            await peer.SendTextAsync(when);
            if (when == "in the middle of a frame")
            {
                await peer.SendBytesAsync(RawFrame.Encode(RawFrame.BinaryOpcode, new byte[1000], mask: [1, 2, 3, 4]).AsMemory(0, 500));
            }
            else
            {
                // The first bytes of it have come.
                transport.Input.AdvanceTo((await transport.Input.ReadAsync().Soon()).Buffer.Start);
            }

            Reset(socket!);
        }

        await Wait.Eventually(() => host.Hub.Count == 0);
        await host.App.StopAsync();
        Assert.Equal(Count, ends.Count);
        var cause = when == "during the closing handshake" ? CloseCause.ClosedHere : CloseCause.PeerVanished;
        Assert.All(ends, end => Assert.Equal(cause, end.Cause));
        Assert.Equal(string.Empty, string.Join("\n", host.Complaints()));
        Assert.Empty(unobserved.Find());
    }

    private static async Task BroadcastUntilAsync(HubRoom room, Task end)
    {
        while (!end.IsCompleted)
        {
            await room.BroadcastTextAsync("news");
            await Task.Yield();
        }
    }

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}
