namespace Waffle.WebSockets.BackplaneTests;

[Collection(RunsAlone.Name)]
public sealed class NatsFaultMemoryTests : FaultMemoryContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
