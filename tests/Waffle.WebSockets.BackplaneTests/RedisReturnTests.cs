namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisReturnTests : ReturnContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
