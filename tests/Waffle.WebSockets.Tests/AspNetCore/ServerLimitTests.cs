using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>The server's limits on bodies and their rates end other requests, and no WebSocket: that an ordinary request was ended shows that they are in force.</summary>
public sealed class ServerLimitTests
{
    // More than anybody sends here, and the shortest time that the server allows to fall below it.
    private static readonly MinDataRate _rate = new(1_000_000, TimeSpan.FromSeconds(1.1));

    private readonly TaskCompletionSource _writeEnded = new();
    private readonly TaskCompletionSource<CloseInfo> _end = new();

    public static TheoryData<HttpProtocols> Protocols => [HttpProtocols.Http1, HttpProtocols.Http2];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task C90_more_than_the_largest_body_then_silence_then_single_bytes(HttpProtocols protocols)
    {
        await using var host = await StartAsync(protocols);
        await using var client = await LimitedClient.ConnectAsync(host, protocols);
        for (var i = 0; i < 10; i++)
        {
            await client.Peer.SendBinaryAsync(new byte[10_000]);
            Assert.Equal(10_000, (await client.Peer.NextAsync()).Payload.Length);
        }

        await LimitedClient.ExpectSlowSenderIsEndedAsync(host, protocols);
        var frame = RawFrame.Encode(RawFrame.TextOpcode, "slow"u8, mask: [1, 2, 3, 4]);
        await client.Peer.SendBytesAsync(frame.AsMemory(0, 1));
        await client.Peer.SendBytesAsync(frame.AsMemory(1, 1));
        await LimitedClient.ExpectSlowSenderIsEndedAsync(host, protocols);
        await client.Peer.SendBytesAsync(frame.AsMemory(2));
        Assert.Equal("slow", (await client.Peer.NextAsync()).Text);
    }

    [Fact]
    public async Task C90_a_slow_reader()
    {
        await using var host = await StartAsync(HttpProtocols.Http1);
        await using var client = await LimitedClient.ConnectAsync(host, HttpProtocols.Http1);
        await client.Peer.SendTextAsync("flood");
        await using var other = await LimitedClient.ConnectAsync(host, HttpProtocols.Http1, "/endless");
        await _writeEnded.Task.Soon();

        Assert.Equal(8 * 1024 * 1024, (await client.Peer.NextAsync()).Payload.Length);
        await client.Peer.SendTextAsync("still there?");
        Assert.Equal("still there?", (await client.Peer.NextAsync()).Text);
    }

    // The server keeps that rate per connection, and lets no request lift it: WebSocketEndpointOptions tells so.
    [Fact]
    public async Task C90_a_slow_reader_over_HTTP_2_is_cut_by_the_server_and_counts_as_vanished()
    {
        await using var host = await StartAsync(HttpProtocols.Http2);
        await using var client = await LimitedClient.ConnectAsync(host, HttpProtocols.Http2, window: 1000);
        await client.Peer.SendTextAsync("flood");

        var close = await _end.Task.Soon();
        Assert.Equal((CloseCause.PeerVanished, 1), (close.Cause, close.UnsentMessages));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Level >= LogLevel.Warning);
    }

    private Task<KestrelHost> StartAsync(HttpProtocols protocols) => KestrelHost.StartAsync(
        app =>
        {
            app.MapWebSocket("/ws", EchoAsync, options =>
            {
                options.MaxMessageSize = 64 * 1024;
                options.WriteTimeout = TimeSpan.Zero;
            });
            app.MapPost("/body", (HttpContext http) => http.Request.Body.CopyToAsync(Stream.Null));
            app.MapGet("/endless", WriteEndlesslyAsync);
        },
        builder => builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 1024;
            kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = _rate;
        }),
        protocols: protocols);

    private async Task WriteEndlesslyAsync(HttpContext http)
    {
        try
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(new byte[64 * 1024], http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
        }

        _writeEnded.TrySetResult();
    }

    private async Task EchoAsync(WebSocketConnection connection, CancellationToken cancellationToken)
    {
        _ = connection.Completion.ContinueWith(end => _end.TrySetResult(end.Result), TaskScheduler.Default);
        await foreach (var message in connection.ReadAllAsync(cancellationToken))
        {
            if (message.Kind == MessageKind.Text && message.GetText() == "flood")
            {
                await connection.WriteBinaryAsync(new byte[8 * 1024 * 1024], cancellationToken);
            }
            else
            {
                await connection.WriteAsync(message.Kind, message.Data, cancellationToken);
            }
        }
    }
}
