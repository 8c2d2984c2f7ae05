namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisPartitionTests : PartitionContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
