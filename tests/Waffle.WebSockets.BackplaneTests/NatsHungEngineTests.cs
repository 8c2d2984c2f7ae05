namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsHungEngineTests : HungEngineContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
