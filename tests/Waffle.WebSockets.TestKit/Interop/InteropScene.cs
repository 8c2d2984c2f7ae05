using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Waffle.WebSockets.TestKit.Interop;

/// <summary>A server with a hub at one endpoint and an empty page for browsers, and both sides of each connection to it.</summary>
public sealed class InteropScene : IAsyncDisposable
{
    public const string PreferredSubprotocol = "interop.v2";

    private readonly Channel<HubClient> _clients = Channel.CreateUnbounded<HubClient>();
    private readonly List<InteropPeer> _peers = [];
    private readonly Func<HubClient, CancellationToken, Task> _handler;
    private KestrelHost? _host;

    private InteropScene(Func<HubClient, CancellationToken, Task>? handler) => _handler = handler ?? DrainAsync;

    public WebSocketHub Hub => _host!.Hub;

    public static Task<InteropScene> StartAsync(
        InteropTransport transport,
        Func<HubClient, CancellationToken, Task>? handler = null,
        MessageCompression compression = MessageCompression.Disabled) =>
        StartAsync(transport.IsTls(), transport.ServerProtocols(), handler, compression);

    public static async Task<InteropScene> StartAsync(
        bool useTls,
        HttpProtocols protocols,
        Func<HubClient, CancellationToken, Task>? handler = null,
        MessageCompression compression = MessageCompression.Disabled)
    {
        var scene = new InteropScene(handler);
        scene._host = await KestrelHost.StartAsync(
            app =>
            {
                app.MapGet("/", static () => Results.Content("<!doctype html><title>Interop</title>", "text/html"));
                app.MapWebSocketHub("/ws", scene.HandleAsync, options => Configure(options, compression));
            },
            builder => builder.Services.AddWebSocketHub(),
            useTls,
            protocols);
        return scene;
    }

    /// <summary>Connects a peer, and finds it on the server. One at a time.</summary>
    public async Task<(TPeer Peer, HubClient Client)> ConnectAsync<TPeer>(Func<Uri, Task<TPeer>> connect)
        where TPeer : InteropPeer
    {
        var peer = await connect(_host!.WebSocketAddress("/ws"));
        _peers.Add(peer);
        return (peer, await _clients.Reader.ReadAsync().Soon());
    }

    /// <summary>Stops the server, so that everything has been logged that will be, and looks for what should not be there.</summary>
    public async Task AssertNothingLoggedAsync()
    {
        await _host!.App.StopAsync().Soon();
        Assert.DoesNotContain(_host.Logs.Lines, line => line.Level >= LogLevel.Warning && !line.IsOfALimit);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }

        await _host!.DisposeAsync();
    }

    private static void Configure(WebSocketEndpointOptions options, MessageCompression compression)
    {
        options.MaxMessageSize = InteropMessages.MaxSize;
        options.Compression = compression;
        options.CompressionThreshold = 0;
        options.Subprotocols.Add(PreferredSubprotocol);
        options.Subprotocols.Add("interop.v1");

        // Room for all that a test sends: .NET's client stops reading while its pong waits behind a send of its own.
        options.SendQueueMaxBytes = 64 * InteropMessages.MaxSize;
        options.WriteTimeout = RawPeer.Patience;
        options.CloseTimeout = RawPeer.Patience;
    }

    private static async Task DrainAsync(HubClient client, CancellationToken cancellationToken)
    {
        await foreach (var message in client.Connection.ReadAllAsync(cancellationToken))
        {
            _ = message;
        }
    }

    private async Task HandleAsync(HubClient client, CancellationToken cancellationToken)
    {
        _clients.Writer.TryWrite(client);
        await _handler(client, cancellationToken);
    }
}
