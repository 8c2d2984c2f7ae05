namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisHungEngineTests : HungEngineContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
