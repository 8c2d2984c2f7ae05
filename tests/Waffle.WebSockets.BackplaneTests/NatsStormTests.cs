namespace Waffle.WebSockets.BackplaneTests;

[Collection(RunsAlone.Name)]
public sealed class NatsStormTests : StormContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
