namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisSlowServerTests : SlowServerContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync("--client-output-buffer-limit", "pubsub 1mb 0 0");
}
