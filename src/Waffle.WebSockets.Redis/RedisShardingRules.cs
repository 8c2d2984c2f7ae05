using StackExchange.Redis;

namespace Waffle.WebSockets.Redis;

internal static class RedisShardingRules
{
    private static readonly Version _firstWithShardedChannels = new(7, 0);

    /// <summary>Whether channels are to be sharded in what the driver is connected to.</summary>
    public static bool IsMeantFor(this RedisSharding sharding, ConnectionMultiplexer multiplexer) =>
        sharding == RedisSharding.Always || (sharding == RedisSharding.InCluster && IsCluster(multiplexer));

    private static bool IsCluster(ConnectionMultiplexer multiplexer) =>
        multiplexer.GetServers().Any(static server =>
            server is { ServerType: ServerType.Cluster, IsConnected: true } && server.Version >= _firstWithShardedChannels);
}
