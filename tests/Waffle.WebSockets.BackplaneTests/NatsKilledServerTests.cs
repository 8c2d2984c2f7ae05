namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsKilledServerTests : KilledServerContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
