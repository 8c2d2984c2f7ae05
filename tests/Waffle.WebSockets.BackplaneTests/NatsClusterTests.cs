using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsClusterTests : ClusterContract
{
    protected override async Task<IEngine> StartEngineAsync() => await Engines.StartNatsAsync();
}
