namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisFaultTests : EngineFaultContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
