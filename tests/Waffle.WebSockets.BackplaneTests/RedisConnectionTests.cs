namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisConnectionTests : ConnectionContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync("--proto-max-bulk-len", "1mb");
}
