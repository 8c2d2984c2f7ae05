namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsServerFleetTests : ServerFleetContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
