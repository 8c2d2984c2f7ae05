namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsPartitionTests : PartitionContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
