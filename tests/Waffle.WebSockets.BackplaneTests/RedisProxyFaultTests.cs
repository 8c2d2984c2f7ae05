namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisProxyFaultTests : ProxyFaultContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
