namespace Waffle.WebSockets.BackplaneTests;

[Collection(RunsAlone.Name)]
public sealed class RedisFaultMemoryTests : FaultMemoryContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
