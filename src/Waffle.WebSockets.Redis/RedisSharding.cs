namespace Waffle.WebSockets;

/// <summary>Whether messages go through sharded channels, which a Redis cluster (7.0 and newer) keeps on one of its shards instead of all.</summary>
public enum RedisSharding
{
    /// <summary>Where the servers are a cluster that knows sharded channels.</summary>
    InCluster,

    /// <summary>Always. Needs Redis 7.0 or newer.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
