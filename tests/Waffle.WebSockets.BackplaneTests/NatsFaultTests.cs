namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsFaultTests : EngineFaultContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
