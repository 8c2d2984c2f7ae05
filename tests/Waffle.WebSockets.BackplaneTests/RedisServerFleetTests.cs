namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisServerFleetTests : ServerFleetContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
