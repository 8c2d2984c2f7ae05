namespace Waffle.WebSockets.BackplaneTests;

public sealed class NatsMembershipTests : MembershipContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartNatsAsync();
}
