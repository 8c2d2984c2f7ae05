using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>Streams of one HTTP/2 connection, by hand-made frames: what opens a WebSocket (RFC 8441), and that each ends by itself.</summary>
public sealed class Http2Tests
{
    private const int ProtocolError = 1;
    private const int Cancel = 8;

    private int _handled;
    private int _ended;

    [Theory]
    [InlineData("websocket", 200)]
    [InlineData("WebSocket", 200)]
    [InlineData("connect-udp", 501)]
    [InlineData("websocket2", 501)]
    public async Task The_one_protocol_of_extended_CONNECT_is_websocket(string protocol, int status)
    {
        await using var host = await StartAsync();
        await using var peer = await Http2Peer.ConnectAsync(host);
        var stream = await peer.ConnectStreamAsync("/ws", protocol);
        Assert.Equal(status, await stream.Status.Soon());
        await AssertEchoesAsync(peer);

        // The answer to the first stream may come before its handler has begun.
        var expected = status == 200 ? 2 : 1;
        await Wait.Eventually(() => Volatile.Read(ref _handled) >= expected, "all that were accepted are handled");
        Assert.Equal(expected, _handled);
    }

    [Fact]
    public async Task A_CONNECT_without_protocol_has_no_path_and_reaches_no_endpoint()
    {
        await using var host = await StartAsync();
        await using var peer = await Http2Peer.ConnectAsync(host);
        var stream = await peer.OpenAsync((":method", "CONNECT"), (":authority", "localhost"), ("sec-websocket-version", "13"));
        var status = await stream.Status.Soon();
        Assert.Equal(404, status);
        await AssertEchoesAsync(peer);
        Assert.Equal(1, _handled);
    }

    [Fact]
    public async Task A_CONNECT_without_protocol_to_an_endpoint_without_path_is_refused()
    {
        await using var host = await StartAsync("/");
        await using var peer = await Http2Peer.ConnectAsync(host);
        var stream = await peer.OpenAsync((":method", "CONNECT"), (":authority", "localhost"), ("sec-websocket-version", "13"));
        Assert.Equal(400, await stream.Status.Soon());
        Assert.Equal(0, _handled);
    }

    [Theory]
    [InlineData("CONNECT", "")]
    [InlineData("GET", "websocket")]
    public async Task A_malformed_CONNECT_costs_only_its_stream(string method, string protocol)
    {
        await using var host = await StartAsync();
        await using var peer = await Http2Peer.ConnectAsync(host);
        List<(string, string)> fields = [(":method", method), (":scheme", "http"), (":path", "/ws"), (":authority", "localhost")];
        if (protocol.Length > 0)
        {
            fields.Add((":protocol", protocol));
        }

        var stream = await peer.OpenAsync([.. fields, ("sec-websocket-version", "13")]);
        Assert.Equal(ProtocolError, await stream.End.Soon());
        Assert.False(stream.Status.IsCompleted);
        await AssertEchoesAsync(peer);
        Assert.Equal(1, _handled);
    }

    [Fact]
    public async Task An_abort_resets_its_stream_and_no_other()
    {
        await using var host = await StartAsync();
        await using var peer = await Http2Peer.ConnectAsync(host);
        var other = (await peer.ConnectStreamAsync("/ws")).ToRawPeer();
        var stream = await peer.ConnectStreamAsync("/ws");
        var aborted = stream.ToRawPeer();
        await aborted.SendTextAsync("abort");
        Assert.Equal(Cancel, await stream.End.Soon());
        await Assert.ThrowsAsync<IOException>(aborted.ReadFrameAsync);

        await other.SendTextAsync("still there?");
        Assert.Equal("still there?", (await other.NextAsync()).Text);
        await AssertEchoesAsync(peer);
        AssertNoWarning(host);
    }

    [Fact]
    public async Task A_stream_whose_peer_takes_nothing_is_reset_after_the_WriteTimeout_and_no_other()
    {
        var time = new FakeTimeProvider();
        await using var host = await StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        await using var peer = await Http2Peer.ConnectAsync(host, window: 1000);
        var other = (await peer.ConnectStreamAsync("/ws")).ToRawPeer();
        var stream = await peer.ConnectStreamAsync("/ws");
        var stalled = stream.ToRawPeer();

        // Only who is answered by the application has left the handshake, whose time would end as well.
        foreach (var connected in new[] { other, stalled })
        {
            await connected.SendTextAsync("there?");
            Assert.Equal("there?", (await connected.NextAsync()).Text);
        }

        await stalled.SendBinaryAsync(new byte[30_000]);
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), () => stream.End.IsCompleted, "the WriteTimeout is over");
        Assert.Equal(Cancel, await stream.End);
        await Wait.Eventually(() => Volatile.Read(ref _ended) == 1, "the request has ended");

        await other.SendTextAsync("still there?");
        Assert.Equal("still there?", (await other.NextAsync()).Text);
        await AssertEchoesAsync(peer);
        AssertNoWarning(host);
    }

    [Fact]
    public async Task A_clean_end_is_END_STREAM()
    {
        await using var host = await StartAsync();
        await using var peer = await Http2Peer.ConnectAsync(host);
        var stream = await peer.ConnectStreamAsync("/ws");
        var closing = stream.ToRawPeer();
        await closing.SendCloseAsync(4001);
        await closing.ExpectCloseAsync((CloseCode)4001);
        Assert.Null(await closing.ReadFrameAsync());
        Assert.Null(await stream.End.Soon());
        await AssertEchoesAsync(peer);
    }

    private Task<KestrelHost> StartAsync(string path = "/ws", Action<WebApplicationBuilder>? configure = null) => KestrelHost.StartAsync(
        app =>
        {
            app.Use(async (http, next) =>
            {
                await next(http);
                Interlocked.Increment(ref _ended);
            });
            app.MapWebSocket(path, EchoAsync, options => options.PingInterval = options.MessageTimeout = TimeSpan.Zero);
        },
        configure,
        protocols: HttpProtocols.Http2);

    private async Task EchoAsync(WebSocketConnection connection, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _handled);
        await foreach (var message in connection.ReadAllAsync(cancellationToken))
        {
            if (message.Kind == MessageKind.Text && message.GetText() == "abort")
            {
                connection.Abort();
                return;
            }

            await connection.WriteAsync(message.Kind, message.Data, cancellationToken);
        }
    }

    // But that a limit was met. At Information the server tells of every stream that it resets: the request's body was not read to its end.
    private static void AssertNoWarning(KestrelHost host) =>
        Assert.DoesNotContain(host.Logs.Lines, line => line.Level >= LogLevel.Warning && !line.IsOfALimit);

    private static async Task AssertEchoesAsync(Http2Peer peer)
    {
        var stream = await peer.ConnectStreamAsync("/ws");
        Assert.Equal(200, await stream.Status.Soon());
        var raw = stream.ToRawPeer();
        await raw.SendTextAsync("hello");
        Assert.Equal("hello", (await raw.NextAsync()).Text);
    }
}
