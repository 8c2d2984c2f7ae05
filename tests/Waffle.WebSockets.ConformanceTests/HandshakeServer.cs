using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>A real server, for the handshakes of one class of tests.</summary>
public sealed class HandshakeServer : IAsyncLifetime
{
    public const string Echo = "/echo";

    /// <summary>An endpoint that speaks two subprotocols.</summary>
    public const string Chat = "/chat";

    /// <summary>An echo that compresses every message, with reference to those before it unless the client asks otherwise.</summary>
    public const string Deflate = "/deflate";

    /// <summary>An echo that compresses every message by itself, where that makes it shorter.</summary>
    public const string DeflateFresh = "/deflate-fresh";

    /// <summary>An echo for the pages of one other site.</summary>
    public const string OneSite = "/one-site";

    /// <summary>The same, but only for who says where it comes from.</summary>
    public const string OneSiteOnly = "/one-site-only";

    /// <summary>The origin of that site.</summary>
    public const string Site = "https://app.example";

    private KestrelHost? _host;
    private int _accepted;

    public KestrelHost Host => _host!;

    public async ValueTask InitializeAsync() => _host = await StartAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>The same server once more, through TLS.</summary>
    public static Task<KestrelHost> StartWithTlsAsync() => new HandshakeServer().StartAsync(useTls: true);

    /// <summary>The same server once more, over HTTP/2.</summary>
    public static Task<KestrelHost> StartWithHttp2Async(bool useTls = false) =>
        new HandshakeServer().StartAsync(useTls, HttpProtocols.Http2);

    /// <summary>Sends a request on a connection of its own and reads the answer's head.</summary>
    public async Task<HandshakeAnswer> SendAsync(string request) => await SendAsync(Host, request);

    public static async Task<HandshakeAnswer> SendAsync(KestrelHost host, string request)
    {
        var (head, transport) = await RawHandshake.SendAsync(await host.ConnectAsync(), request);
        return new HandshakeAnswer(head, new RawPeer(transport));
    }

    /// <summary>Sends a request that must be accepted.</summary>
    public async Task AcceptsAsync(string request)
    {
        await using var answer = await SendAsync(request);
        Assert.Equal(101, answer.Status);
        await answer.ExpectEchoAsync();
    }

    /// <summary>Sends a request that must be refused: an HTTP error, no upgrade, and no endpoint has seen it.</summary>
    public async Task RefusesAsync(string request, int status) => Assert.Equal(status, await RefusesAsync(request));

    /// <inheritdoc cref="RefusesAsync(string, int)"/>
    public async Task<int> RefusesAsync(string request)
    {
        var before = Volatile.Read(ref _accepted);
        await using var answer = await SendAsync(request);
        Assert.InRange(answer.Status, 400, 599);
        Assert.Empty(answer["Sec-WebSocket-Accept"]);
        await answer.ReadRestAsync();
        Assert.Equal(before, Volatile.Read(ref _accepted));
        return answer.Status;
    }

    private Task<KestrelHost> StartAsync(bool useTls = false, HttpProtocols protocols = HttpProtocols.Http1) => KestrelHost.StartAsync(
        app =>
        {
            app.MapWebSocket(Echo, EchoAsync);
            app.MapWebSocket(Chat, EchoAsync, options =>
            {
                options.Subprotocols.Add("chat.v2");
                options.Subprotocols.Add("chat.v1");
            });
            app.MapWebSocket(OneSite, EchoAsync, options => options.AllowedOrigins.Add(Site));
            app.MapWebSocket(OneSiteOnly, EchoAsync, options =>
            {
                options.AllowedOrigins.Add(Site);
                options.RequireOrigin = true;
            });
            app.MapWebSocket(Deflate, EchoAsync, options => Compress(options, MessageCompression.ContextTakeover));
            app.MapWebSocket(DeflateFresh, EchoAsync, options => Compress(options, MessageCompression.NoContextTakeover));
        },
        useTls: useTls,
        protocols: protocols);

    private static void Compress(WebSocketEndpointOptions options, MessageCompression compression)
    {
        options.MaxMessageSize = 1_000_000;
        options.Compression = compression;
        options.CompressionThreshold = 0;
    }

    private async Task EchoAsync(WebSocketConnection connection, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _accepted);
        await foreach (var message in connection.ReadAllAsync(cancellationToken))
        {
            await connection.WriteAsync(message.Kind, message.Data, cancellationToken);
        }
    }
}
