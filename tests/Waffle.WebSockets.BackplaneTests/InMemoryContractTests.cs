using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class InMemoryContractTests : BackplaneContract
{
    protected override async Task<IEngine> StartEngineAsync() => await Engines.StartInMemoryAsync();
}
