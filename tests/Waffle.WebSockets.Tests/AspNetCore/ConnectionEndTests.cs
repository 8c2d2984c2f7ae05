using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>How connections end on a real server: the peer sees the end at once, and nothing is left or logged.</summary>
public class ConnectionEndTests
{
    public static TheoryData<bool> PlainAndTls => new(false, true);

    [Theory]
    [MemberData(nameof(PlainAndTls))]
    public async Task A_megabyte_that_was_accepted_before_a_close_arrives_whole(bool useTls)
    {
        var data = new byte[1024 * 1024];
        Random.Shared.NextBytes(data);
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocket("/ws", async (connection, ct) =>
            {
                await connection.WriteBinaryAsync(data, ct);
                await connection.CloseAsync(CloseCode.GoingAway, "done", CancellationToken.None);
            }),
            useTls: useTls);
        await using var peer = await host.ConnectPeerAsync("/ws");
        Assert.Equal(data, (await peer.ReadFrameAsync())!.Payload);
        Assert.Equal(CloseCode.GoingAway, (await peer.ReadFrameAsync())!.CloseCode);
        await peer.SendCloseAsync(1001);
        Assert.Null(await peer.ReadFrameAsync());
        await AssertNothingLoggedAsync(host);
    }

    [Fact]
    public async Task A_violation_is_told_and_then_the_stream_ends_although_the_peer_goes_on_sending()
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/ws", DrainAsync));
        await using var peer = await host.ConnectPeerAsync("/ws");
        await peer.SendFrameAsync(RawFrame.BinaryOpcode, new byte[40_000]);
        var frames = await peer.ReadToEndAsync();
        Assert.Equal(CloseCode.MessageTooBig, Assert.Single(frames).CloseCode);
        await AssertNothingLoggedAsync(host);
    }

    [Fact]
    public async Task A_handler_that_throws_closes_with_1011_and_is_logged_once()
    {
        await using var host = await KestrelHost.StartAsync(app =>
            app.MapWebSocket("/ws", (connection, ct) => throw new InvalidOperationException("secret")));
        await using var peer = await host.ConnectPeerAsync("/ws");
        var close = await peer.ReadFrameAsync();
        Assert.Equal(CloseCode.InternalError, close!.CloseCode);
        Assert.DoesNotContain("secret", close.CloseReason, StringComparison.Ordinal);
        await peer.SendCloseAsync(1011);
        Assert.Null(await peer.ReadFrameAsync());
        var error = Assert.Single(host.Logs.Lines, line => line.Level >= LogLevel.Warning);
        Assert.Equal("secret", error.Error!.Message);
    }

    [Fact]
    public async Task A_handler_that_fails_at_the_end_of_another_connection_closes_with_1011()
    {
        var other = new TaskCompletionSource<WebSocketConnection>();
        await using var host = await KestrelHost.StartAsync(app =>
        {
            app.MapWebSocket("/other", async (connection, token) =>
            {
                other.SetResult(connection);
                await connection.Completion;
            });
            app.MapWebSocket("/bridge", async (_, _) => await (await other.Task).ReadAsync(CancellationToken.None));
        });
        await using var first = await host.ConnectPeerAsync(TransportKind.Plain, "/other");
        await using var second = await host.ConnectPeerAsync(TransportKind.Plain, "/bridge");
        (await other.Task.Soon()).Abort();

        await second.ExpectCloseAsync(CloseCode.InternalError);
        await Wait.Eventually(
            () => host.Logs.Lines.Any(line => line.Error is ConnectionClosedException { Close.Cause: CloseCause.Aborted }), "it is logged");
    }

    [Fact]
    public async Task A_handler_that_returns_closes_with_1000()
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/ws", (connection, ct) => Task.CompletedTask));
        await using var peer = await host.ConnectPeerAsync("/ws");
        Assert.Equal(CloseCode.NormalClosure, (await peer.ReadFrameAsync())!.CloseCode);
        await peer.SendCloseAsync();
        Assert.Null(await peer.ReadFrameAsync());
    }

    [Fact]
    public async Task What_came_before_the_end_of_the_peers_stream_is_handled_first()
    {
        var texts = new List<string>();
        var close = new TaskCompletionSource<CloseInfo>();
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/ws", async (connection, ct) =>
        {
            try
            {
                while (true)
                {
                    texts.Add(await connection.ReadTextAsync(ct));
                }
            }
            catch (ConnectionClosedException error)
            {
                close.SetResult(error.Close);
            }
        }));
        Socket? socket = null;
        var (_, transport) = await RawHandshake.SendAsync(await host.ConnectAsync(created => socket = created), RawHandshake.Request("/ws"));
        await using var peer = new RawPeer(transport);
        await peer.SendTextAsync("one");
        await peer.SendTextAsync("two");
        socket!.Shutdown(SocketShutdown.Send);
        var end = await close.Task.Soon();
        Assert.Equal(["one", "two"], texts);
        Assert.Equal((CloseCode.AbnormalClosure, CloseCause.PeerVanished), (end.Code, end.Cause));
    }

    [Fact]
    public async Task A_reset_at_any_byte_of_handshake_and_frames_ends_without_a_trace()
    {
        await using var host = await KestrelHost.StartAsync(app => app.MapWebSocket("/ws", DrainAsync));
        var request = System.Text.Encoding.ASCII.GetBytes(RawHandshake.Request("/ws"));
        byte[] frames =
        [
            .. RawFrame.Encode(RawFrame.TextOpcode, "hello"u8, isFinal: false, mask: [1, 2, 3, 4]),
            .. RawFrame.Encode(RawFrame.PingOpcode, "ping"u8, mask: [1, 2, 3, 4]),
            .. RawFrame.Encode(RawFrame.Continuation, new byte[200], mask: [1, 2, 3, 4]),
            .. RawFrame.Encode(RawFrame.CloseOpcode, RawFrame.ClosePayload(1000), mask: [1, 2, 3, 4]),
        ];
        byte[] all = [.. request, .. frames];
        for (var length = 1; length <= all.Length; length += length < request.Length - 4 ? 17 : 1)
        {
            Socket? socket = null;
            await using var stream = await host.ConnectAsync(created => socket = created);
            await stream.WriteAsync(all.AsMemory(0, length));
            socket!.LingerState = new LingerOption(true, 0);
            socket.Close();
        }

        await AssertNothingLoggedAsync(host);
    }

    [Fact]
    public async Task A_middleware_on_the_connection_sees_and_changes_every_byte()
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocket("/ws", async (connection, ct) =>
            {
                await foreach (var message in connection.ReadAllAsync(ct))
                {
                    await connection.WriteAsync(message.Kind, message.Data, ct);
                }
            }),
            configureListener: listener =>
            {
                listener.UseConnectionLogging();
                listener.Use(next => connection =>
                {
                    connection.Transport = new InvertingPipe(connection.Transport);
                    return next(connection);
                });
            });
        await using var stream = new InvertingStream(await host.ConnectAsync());
        var (head, transport) = await RawHandshake.SendAsync(stream, RawHandshake.Request("/ws"));
        Assert.StartsWith("HTTP/1.1 101", head, StringComparison.Ordinal);
        var peer = new RawPeer(transport);
        await peer.SendTextAsync("hello");
        Assert.Equal("hello", (await peer.ReadFrameAsync())!.Text);
        await peer.SendCloseAsync();
        Assert.Equal(CloseCode.NormalClosure, (await peer.ReadFrameAsync())!.CloseCode);
        Assert.Null(await peer.ReadFrameAsync());
    }

    [Fact]
    public async Task A_connection_that_a_handler_accepted_ends_with_its_request()
    {
        CloseInfo? close = null;
        await using var host = await KestrelHost.StartAsync(app => app.MapGet("/ws", async (HttpContext http) =>
        {
            var connection = await http.AcceptWebSocketConnectionAsync();
            if (connection is not null)
            {
                _ = connection.Completion.ContinueWith(end => close = end.Result, TaskScheduler.Default);
                await connection.WriteTextAsync(await connection.ReadTextAsync());
            }
        }));
        await using var peer = await host.ConnectPeerAsync("/ws");
        await peer.SendTextAsync("hello");
        Assert.Equal("hello", (await peer.ReadFrameAsync())!.Text);
        Assert.Equal(CloseCode.NormalClosure, (await peer.ReadFrameAsync())!.CloseCode);
        await peer.SendCloseAsync();
        Assert.Null(await peer.ReadFrameAsync());
        await Wait.Eventually(() => close is { Cause: CloseCause.ClosedHere, IsNormal: true });
    }

    private static async Task DrainAsync(WebSocketConnection connection, CancellationToken cancellationToken)
    {
        await foreach (var message in connection.ReadAllAsync(cancellationToken))
        {
            _ = message.Kind;
        }
    }

    private static async Task AssertNothingLoggedAsync(KestrelHost host)
    {
        // Stopped first: only then everything has been logged that will be.
        await host.App.StopAsync();
        Assert.DoesNotContain(host.Logs.Lines, line => line.Level >= LogLevel.Warning && !line.IsOfALimit);
    }
}
