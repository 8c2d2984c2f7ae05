namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsFaultStormTests : FaultStormContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
