using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Connections on a real server: what its callbacks must not do to them, nor slow or lost peers to others.</summary>
[Collection(RunsAlone.Name)]
public sealed class EndpointTests
{
    public static TheoryData<TransportKind> Transports => [.. Enum.GetValues<TransportKind>()];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task C04_no_frame_comes_before_a_late_101_and_what_was_queued_comes_after_it_in_order(TransportKind kind)
    {
        var isStarting = new TaskCompletionSource();
        var mayStart = new TaskCompletionSource();
        await using var host = await TestServer.StartAsync(
            kind,
            app =>
            {
                app.Use((http, next) =>
                {
                    http.Response.OnStarting(() =>
                    {
                        isStarting.SetResult();
                        return mayStart.Task;
                    });
                    return next(http);
                });
                app.MapWebSocketHub("/ws");
            },
            builder => builder.Services.AddWebSocketHub(options =>
                options.OnConnected = async (client, ct) => Assert.Equal(SendStatus.Queued, await client.SendTextAsync("welcome", default, ct))));
        var connecting = RawHandshake.SendAsync(await host.ConnectAsync(kind), RawHandshake.Request("/ws"));
        await isStarting.Task.Soon();
        var tried = 0;
        var broadcasting = Enumerable.Range(0, 2).Select(thread => Task.Run(async () =>
        {
            // Whatever is reported as queued, up to a hundred.
            List<string> queued = [];
            for (var i = 0; queued.Count < 100; i++)
            {
                if ((await host.Hub.BroadcastTextAsync($"{thread} {i}")).Queued == 1)
                {
                    queued.Add($"{thread} {i}");
                }

                Interlocked.Increment(ref tried);
                await Task.Yield();
            }

            return queued;
        })).ToArray();
        await Wait.Eventually(() => Volatile.Read(ref tried) > 1000, "many broadcasts while the 101 is held back");
        Assert.False(connecting.IsCompleted);

        mayStart.SetResult();
        var (head, transport) = await connecting.Soon();
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nSec-WebSocket-Accept: ", head, StringComparison.Ordinal);
        await using var peer = new RawPeer(transport);
        var expected = await Task.WhenAll(broadcasting).Soon();
        var received = new List<string>();
        for (var i = 0; i < 1 + expected.Sum(texts => texts.Count); i++)
        {
            received.Add((await peer.NextAsync()).Text);
        }

        Assert.Single(received, "welcome");
        Assert.Equal(expected[0], received.Where(text => text.StartsWith("0 ", StringComparison.Ordinal)));
        Assert.Equal(expected[1], received.Where(text => text.StartsWith("1 ", StringComparison.Ordinal)));
        await peer.SyncAsync();
    }

    [Fact]
    public async Task C07_every_length_arrives_in_its_shortest_form_single_and_broadcast()
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws"), builder => builder.Services.AddWebSocketHub());
        await using var peer = await host.ConnectPeerAsync("/ws");
        await Wait.Eventually(() => host.Hub.Count == 1);
        var client = host.Hub.Clients.Single();
        foreach (var length in Enumerable.Range(120, 11).Concat(Enumerable.Range(65_530, 11)))
        {
            await ExpectAsync(new string('x', length));
        }

        foreach (var characters in new[] { 41, 42, 43 })
        {
            await ExpectAsync(new string('\u20AC', characters));
        }

        async Task ExpectAsync(string text)
        {
            var bytes = ConnectionTestExtensions.Utf8(text);
            await client.SendTextAsync(text);
            await client.SendBinaryAsync(bytes);
            await host.Hub.BroadcastTextAsync(text);
            await host.Hub.BroadcastBinaryAsync(bytes);
            var headerLength = bytes.Length < 126 ? 2 : bytes.Length < 65_536 ? 4 : 10;
            foreach (var opcode in new[] { RawFrame.TextOpcode, RawFrame.BinaryOpcode, RawFrame.TextOpcode, RawFrame.BinaryOpcode })
            {
                var frame = await peer.NextAsync();
                Assert.Equal(
                    (true, 0, opcode, false, headerLength),
                    (frame.IsFinal, frame.ReservedBits, frame.Opcode, frame.IsMasked, frame.HeaderLength));
                Assert.Equal(bytes, frame.Payload);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(30, 70)]
    public async Task Readers_that_stall_are_cut_and_nobody_else_notices(int stalled, int healthy)
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws", options => options.SendQueueMaxBytes = 64 * 1024),
            builder =>
            {
                builder.Services.AddWebSocketHub();
                builder.UseSmallSendBuffers();
            });
        var streams = new List<Stream>();
        for (var i = 0; i < stalled; i++)
        {
            streams.Add(await host.ConnectAsync(socket => socket.ReceiveBufferSize = 4 * 1024));
            await RawHandshake.SendAsync(streams[i], RawHandshake.Request("/ws"));
        }

        await Wait.Eventually(() => host.Hub.Count == stalled);
        var stalledClients = host.Hub.Clients.ToList();
        var readers = new List<RawPeer>();
        for (var i = 0; i < healthy; i++)
        {
            readers.Add(await host.ConnectPeerAsync("/ws"));
        }

        await Wait.Eventually(() => host.Hub.Count == stalled + healthy);
        var padding = new string('x', 8 * 1024);
        for (var round = 0; !stalledClients.TrueForAll(client => client.Connection.IsClosed); round++)
        {
            await host.Hub.BroadcastTextAsync($"{round} {padding}");
            foreach (var reader in readers)
            {
                Assert.StartsWith($"{round} ", (await reader.ReadFrameAsync())!.Text, StringComparison.Ordinal);
            }
        }

        foreach (var client in stalledClients)
        {
            var close = await client.Connection.Completion.Soon();
            Assert.Equal((CloseCode.TryAgainLater, CloseCause.SlowConsumer), (close.Code, close.Cause));
        }

        await Wait.Eventually(() => host.Hub.Count == healthy);
        await host.Hub.BroadcastTextAsync("still here");
        foreach (var reader in readers)
        {
            Assert.Equal("still here", (await reader.ReadFrameAsync())!.Text);
        }

        Assert.Empty(host.Complaints());
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task C43_two_thousand_resets_at_once_are_two_thousand_disconnects()
    {
        const int Count = 2_000;
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
        var sockets = new ConcurrentBag<Socket>();
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, _) =>
            await RawHandshake.SendAsync(await host.ConnectAsync(sockets.Add), RawHandshake.Request("/ws")));

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
    public async Task C88_a_reset_is_told_as_the_cause_and_neither_thrown_nor_logged(string when)
    {
        const int Count = 100;
        using var unobserved = new UnobservedErrors();
        var ends = new ConcurrentQueue<CloseInfo>();
        var (returned, thrown) = (0, 0);
        await using var host = await KestrelHost.StartAsync(
            app =>
            {
                app.UseExceptionHandler(handler => handler.Run(_ =>
                {
                    Interlocked.Increment(ref thrown);
                    return Task.CompletedTask;
                }));
                app.Use(async (http, next) =>
                {
                    await next(http);
                    Interlocked.Increment(ref returned);
                });
                app.MapWebSocketHub("/ws", HandleUntilResetAsync);
            },
            builder => builder.Services.AddWebSocketHub(options => options.OnDisconnected = (_, disconnect) =>
            {
                ends.Enqueue(disconnect.Close);
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
        Assert.Equal((Count, Count, 0), (ends.Count, returned, thrown));
        var cause = when == "during the closing handshake" ? CloseCause.ClosedHere : CloseCause.PeerVanished;
        Assert.All(ends, end => Assert.Equal(cause, end.Cause));
        Assert.Equal(string.Empty, string.Join("\n", host.Complaints()));
        Assert.Empty(unobserved.Find());
    }

    // Is busy in the way that the first message says.
    private static async Task HandleUntilResetAsync(HubClient client, CancellationToken cancellationToken)
    {
        var kind = await client.Connection.ReadTextAsync(cancellationToken);
        if (kind == "during a write")
        {
            await client.SendBinaryAsync(new byte[4 * 1024 * 1024], default, cancellationToken);
        }
        else if (kind == "during the closing handshake")
        {
            await client.CloseAsync(CloseCode.GoingAway, string.Empty, cancellationToken);
        }

        await client.Connection.ReadTextAsync(cancellationToken);
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
