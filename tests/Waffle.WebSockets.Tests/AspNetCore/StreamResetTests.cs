using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.AspNetCore;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>A client over HTTP/2 that opens streams only to reset them: it has 100 at most, and of those that are reset nothing is left.</summary>
public sealed class StreamResetTests
{
    private const int MaxStreams = 100;
    private const int RefusedStream = 7;
    private const int Cancel = 8;

    private readonly FakeTimeProvider _time = new();
    private int _begun;
    private int _ended;

    [Fact]
    public async Task A_connection_has_100_streams_and_the_next_is_refused()
    {
        await using var host = await StartAsync();
        await using var peer = await Http2Peer.ConnectAsync(host);
        await OpenAllAsync(peer);

        Assert.Equal(RefusedStream, await (await peer.ConnectStreamAsync("/ws")).End.Soon());
        await Wait.Eventually(() => host.Hub.Count == MaxStreams, "those before it are clients");
    }

    [Fact]
    public async Task Streams_that_are_reset_end_their_handlers_and_make_room_for_others()
    {
        await using var host = await StartAsync();
        await using var peer = await Http2Peer.ConnectAsync(host);
        for (var round = 0; round < 5; round++)
        {
            foreach (var stream in await OpenAllAsync(peer))
            {
                await stream.ResetAsync(Cancel);
            }

            await ExpectNothingIsLeftAsync(host);
        }

        Assert.Equal((5 * MaxStreams, 5 * MaxStreams), (_begun, _ended));
    }

    [Fact]
    public async Task Streams_that_are_reset_at_once_leave_nothing_and_harm_nobody()
    {
        await using var host = await StartAsync();
        await using var other = await Http2Peer.ConnectAsync(host);
        var neighbour = (await other.ConnectStreamAsync("/echo")).ToRawPeer();
        for (var round = 0; round < 3; round++)
        {
            await using var peer = await Http2Peer.ConnectAsync(host);
            try
            {
                for (var i = 0; i < 1_000; i++)
                {
                    await (await peer.ConnectStreamAsync("/ws")).ResetAsync(Cancel);
                }
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException)
            {
                // The server has had enough of it.
            }
        }

        await ExpectNothingIsLeftAsync(host);
        await neighbour.SendTextAsync("still there?");
        Assert.Equal("still there?", (await neighbour.NextAsync()).Text);
    }

    private static async Task<Http2PeerStream[]> OpenAllAsync(Http2Peer peer)
    {
        var streams = new Http2PeerStream[MaxStreams];
        for (var i = 0; i < MaxStreams; i++)
        {
            streams[i] = await peer.ConnectStreamAsync("/ws");
        }

        foreach (var stream in streams)
        {
            Assert.Equal(200, await stream.Status.Soon());
        }

        return streams;
    }

    // The time does not move: no deadline ends anything, the reset alone does.
    private async Task ExpectNothingIsLeftAsync(KestrelHost host)
    {
        await Wait.Eventually(() => Volatile.Read(ref _ended) == Volatile.Read(ref _begun), "every handler has ended");
        await Wait.Eventually(() => host.Hub.Count == 0, "every client has left");
        await Wait.Eventually(() => EndpointApplication.For(host.App.Services).Handshakes.Count == 0, "no handshake is under way");
        await Wait.Eventually(() => TimerWheel.For(_time).Count == 0, "nothing is timed");
    }

    private Task<KestrelHost> StartAsync() => KestrelHost.StartAsync(
        app =>
        {
            app.MapWebSocketHub("/ws", async (client, ct) =>
            {
                Interlocked.Increment(ref _begun);
                try
                {
                    await foreach (var message in client.Connection.ReadAllAsync(ct))
                    {
                        _ = message;
                    }
                }
                finally
                {
                    Interlocked.Increment(ref _ended);
                }
            });
            app.MapWebSocket(
                "/echo",
                static async (connection, ct) =>
                {
                    await foreach (var message in connection.ReadAllAsync(ct))
                    {
                        await connection.WriteAsync(message.Kind, message.Data, ct);
                    }
                },
                static options => options.PingInterval = options.MessageTimeout = TimeSpan.Zero);
        },
        builder => builder.Services.AddSingleton<TimeProvider>(_time).AddWebSocketHub(),
        protocols: HttpProtocols.Http2);
}
