namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisFaultStormTests : FaultStormContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
