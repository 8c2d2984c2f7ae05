namespace Waffle.WebSockets.BackplaneTests;

[Collection(RunsAlone.Name)]
public sealed class RedisStormTests : StormContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
