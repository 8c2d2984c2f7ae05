using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.AspNetCore;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>A real server over each kind of transport.</summary>
internal static class TestServer
{
    public static Task<KestrelHost> StartAsync(
        TransportKind kind, Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null) =>
        KestrelHost.StartAsync(map, configure, useTls: kind == TransportKind.Tls, configureListener: listener => Configure(listener, kind));

    /// <summary>A client's stream that undoes what the transport does.</summary>
    public static async Task<Stream> ConnectAsync(this KestrelHost host, TransportKind kind, Action<Socket>? configure = null)
    {
        var stream = await host.ConnectAsync(configure);
        return kind == TransportKind.Changed ? new InvertingStream(stream) : stream;
    }

    public static async Task<RawPeer> ConnectPeerAsync(
        this KestrelHost host, TransportKind kind, string path = "/ws", Action<Socket>? configure = null) =>
        await RawHandshake.UpgradeAsync(await host.ConnectAsync(kind, configure), path);

    /// <summary>The one client of the server's hub, as soon as it is there.</summary>
    public static async Task<HubClient> FindOnlyClientAsync(this KestrelHost host)
    {
        await Wait.Eventually(() => host.Hub.Count == 1, "one client is in the hub");
        return host.Hub.Clients.Single();
    }

    /// <summary>What server and library have logged at Information or above, and warnings of anybody's; but not that a limit was met, nor that the stop saw clients off.</summary>
    public static List<string> Complaints(this KestrelHost host) =>
    [
        .. host.Logs.Lines
            .Where(line => !line.IsOfALimit && line is not { Category: DrainLog.Category, Level: LogLevel.Information })
            .Where(line => line.Level >= LogLevel.Warning
                || line.Category.StartsWith("Waffle", StringComparison.Ordinal)
                || line.Category.StartsWith("Microsoft.AspNetCore.Server", StringComparison.Ordinal))
            .Select(line => $"{line.Level} {line.Category}: {line.Text} {line.Error}"),
    ];

    private static void Configure(ListenOptions listener, TransportKind kind)
    {
        switch (kind)
        {
            case TransportKind.Logged:
                listener.UseConnectionLogging();
                break;
            case TransportKind.Changed:
                listener.Use(next => connection =>
                {
                    connection.Transport = new InvertingPipe(connection.Transport);
                    return next(connection);
                });
                break;
            default:
                break;
        }
    }
}
