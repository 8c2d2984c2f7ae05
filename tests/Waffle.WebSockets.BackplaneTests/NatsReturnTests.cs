namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsReturnTests : ReturnContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
