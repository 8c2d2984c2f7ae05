using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class RedisShardsClusterTests(RedisShards shards) : ClusterContract, IClassFixture<RedisShards>
{
    protected override Task<IEngine> StartEngineAsync() => Task.FromResult(shards.ToEngine());

    [Theory]
    [InlineData(RedisSharding.InCluster, true)]
    [InlineData(RedisSharding.Always, true)]
    [InlineData(RedisSharding.Never, false)]
    public async Task Channels_are_sharded_unless_that_is_not_wanted(RedisSharding sharding, bool areSharded)
    {
        var (hub, engine) = ($"sharding-{sharding}", shards.ToEngine(sharding));
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2, options => options.HubName = hub);
        string[] rooms = [.. Enumerable.Range(0, 20).Select(static room => $"room {room}")];
        var member = await cluster.ConnectAsync(1, null, rooms);
        foreach (var room in rooms)
        {
            await cluster.Hubs[0].Room(room).BroadcastTextAsync(room);
            Assert.Equal(room, await member.NextTextAsync());
        }

        // All clients, the user, all servers, and each of the two.
        var channels = await shards.FindChannelsAsync(hub, areSharded);
        Assert.Equal(rooms.Length + 5, channels.SelectMany(static ofServer => ofServer).Distinct().Count());
        Assert.All(await shards.FindChannelsAsync(hub, !areSharded), Assert.Empty);
        if (areSharded)
        {
            Assert.All(channels, Assert.NotEmpty);
        }
    }
}
