using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsLieTests : LieContract
{
    protected override async Task<IEngine> StartEngineAsync() => await Engines.StartNatsAsync();
}
