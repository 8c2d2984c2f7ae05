namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsProxyFaultTests : ProxyFaultContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
