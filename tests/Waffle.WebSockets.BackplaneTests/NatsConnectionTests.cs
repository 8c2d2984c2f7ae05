namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsConnectionTests : ConnectionContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
