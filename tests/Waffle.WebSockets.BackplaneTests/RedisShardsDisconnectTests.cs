using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisShardsDisconnectTests(RedisShards shards) : DisconnectContract, IClassFixture<RedisShards>
{
    protected override Task<IEngine> StartEngineAsync() => Task.FromResult(shards.ToEngine());
}
