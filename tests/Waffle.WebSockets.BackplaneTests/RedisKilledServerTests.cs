namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisKilledServerTests : KilledServerContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
