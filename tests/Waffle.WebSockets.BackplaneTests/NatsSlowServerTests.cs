namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsSlowServerTests : SlowServerContract
{
    protected override Task<RealEngine> StartEngineAsync() =>
        Engines.StartNatsAsync("-c", Path.Combine(AppContext.BaseDirectory, "nats-small-buffers.conf"));
}
