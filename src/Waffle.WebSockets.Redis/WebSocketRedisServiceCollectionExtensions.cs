using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Waffle.WebSockets;
using Waffle.WebSockets.Redis;

// Found without a using, as all Add… methods are.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Redis as a hub's way between servers.</summary>
public static class WebSocketRedisServiceCollectionExtensions
{
    // The driver's own default waits longer after each attempt, up to 10 s.
    private static readonly TimeSpan _reconnectInterval = TimeSpan.FromSeconds(1);

    /// <summary>Connects a hub, or a publisher, with others through Redis.</summary>
    /// <param name="builder">What <c>AddWebSocketHub</c> or <c>AddWebSocketHubPublisher</c> returned.</param>
    /// <param name="configuration">One or several endpoints and all else that the driver reads, as in <c>redis1:6379,redis2:6379,ssl=true,password=…</c>. A connection that is lost is tried again every second.</param>
    /// <param name="configure">Sets how the hub takes part.</param>
    /// <param name="sharding">Whether to use sharded channels.</param>
    public static IWebSocketHubBuilder AddRedisBackplane(
        this IWebSocketHubBuilder builder,
        string configuration,
        Action<BackplaneOptions>? configure = null,
        RedisSharding sharding = RedisSharding.InCluster)
    {
        ArgumentException.ThrowIfNullOrEmpty(configuration);
        return builder.AddRedisBackplane(ParseConfiguration(configuration), configure, sharding);
    }

    /// <summary>Connects a hub, or a publisher, with others through Redis.</summary>
    /// <param name="builder">What <c>AddWebSocketHub</c> or <c>AddWebSocketHubPublisher</c> returned.</param>
    /// <param name="configuration">The driver's own options: endpoints, TLS, credentials; copied. Its <c>ReconnectRetryPolicy</c> tells how soon Redis is found again.</param>
    /// <param name="configure">Sets how the hub takes part.</param>
    /// <param name="sharding">Whether to use sharded channels.</param>
    public static IWebSocketHubBuilder AddRedisBackplane(
        this IWebSocketHubBuilder builder,
        ConfigurationOptions configuration,
        Action<BackplaneOptions>? configure = null,
        RedisSharding sharding = RedisSharding.InCluster)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration = configuration.Clone();
        return builder.AddBackplane(
            services =>
            {
                var own = configuration.Clone();
                own.LoggerFactory ??= services.GetService<ILoggerFactory>();
                return new RedisBackplane(own, sharding);
            },
            configure);
    }

    internal static ConfigurationOptions ParseConfiguration(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.ReconnectRetryPolicy = new LinearRetry((int)_reconnectInterval.TotalMilliseconds);
        return options;
    }
}
