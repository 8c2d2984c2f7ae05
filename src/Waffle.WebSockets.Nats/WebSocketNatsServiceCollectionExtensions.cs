using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.Core;
using Waffle.WebSockets;
using Waffle.WebSockets.Nats;

// Found without a using, as all Add… methods are.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers NATS as a hub's way between servers.</summary>
public static class WebSocketNatsServiceCollectionExtensions
{
    // The driver's own default notices a server that is gone after minutes.
    private static readonly TimeSpan _pingInterval = TimeSpan.FromSeconds(10);

    // The driver's own default waits longer after each attempt, up to 5 s.
    private static readonly TimeSpan _reconnectInterval = TimeSpan.FromSeconds(1);

    /// <summary>Connects a hub, or a publisher, with others through NATS.</summary>
    /// <param name="builder">What <c>AddWebSocketHub</c> or <c>AddWebSocketHubPublisher</c> returned.</param>
    /// <param name="url">One or several servers, as in <c>nats://nats1:4222,nats://nats2:4222</c>. The connection is checked every 10 s; one that is
    /// lost is tried again every second.</param>
    /// <param name="configure">Sets how the hub takes part.</param>
    public static IWebSocketHubBuilder AddNatsBackplane(this IWebSocketHubBuilder builder, string url, Action<BackplaneOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        return builder.AddNatsBackplane(CreateOptions(url), configure);
    }

    /// <summary>Connects a hub, or a publisher, with others through NATS.</summary>
    /// <param name="builder">What <c>AddWebSocketHub</c> or <c>AddWebSocketHubPublisher</c> returned.</param>
    /// <param name="options">
    /// The driver's own options: servers, TLS, credentials. Its <c>PingInterval</c> is two minutes unless it is set here, and tells how soon a dead connection is noticed; its
    /// <c>ReconnectWaitMax</c> tells how soon NATS is found again.
    /// </param>
    /// <param name="configure">Sets how the hub takes part.</param>
    public static IWebSocketHubBuilder AddNatsBackplane(this IWebSocketHubBuilder builder, NatsOpts options, Action<BackplaneOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return builder.AddBackplane(
            services => new NatsBackplane(options with
            {
                // An engine that refuses for a time must not be given up for ever.
                IgnoreAuthErrorAbort = true,
                LoggerFactory = options.LoggerFactory is NullLoggerFactory
                    ? services.GetService<ILoggerFactory>() ?? options.LoggerFactory
                    : options.LoggerFactory,
            }),
            configure);
    }

    internal static NatsOpts CreateOptions(string url) => NatsOpts.Default with
    {
        Url = url,
        PingInterval = _pingInterval,
        ReconnectWaitMin = _reconnectInterval,
        ReconnectWaitMax = _reconnectInterval,
    };
}
