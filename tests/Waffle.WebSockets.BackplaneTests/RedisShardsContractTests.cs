using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisShardsContractTests(RedisShards shards) : BackplaneContract, IClassFixture<RedisShards>
{
    protected override Task<IEngine> StartEngineAsync() => Task.FromResult(shards.ToEngine());
}
