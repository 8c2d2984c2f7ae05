namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisMembershipTests : MembershipContract
{
    protected override Task<RealEngine> StartEngineAsync() => Engines.StartRedisAsync();
}
