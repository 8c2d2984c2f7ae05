using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>One server of a Redis cluster dies, or stands still: not the one through which the hub's servers find each other.</summary>
public sealed class RedisShardFaultTests(RedisShards shards) : IClassFixture<RedisShards>
{
    [Fact]
    public async Task While_a_shard_is_dead_the_rooms_of_the_others_go_on_and_afterwards_its_own()
    {
        await using var scene = await Scene.StartAsync(shards);
        await scene.Shard.KillAsync();
        await Wait.Eventually(
            () => scene.Cluster.Gaps.All(static gaps => gaps.Any(static gap => gap.Cause == GapCause.Outage)), "both have found it and go on");

        // Its own rooms fail, though only on the way to other servers.
        await scene.OfOthers.UntilAllAsync(PublishStatus.Accepted);
        await scene.OfOthers.UntilAllAreHeardAsync();
        for (var i = 0; i < 10; i++)
        {
            await scene.OfShard.BroadcastAsync();
        }

        await scene.Shard.StartAsync();
        await shards.UntilFormedAsync();
        await scene.AssertAllIsWellAgainAsync();
    }

    [Fact]
    public async Task While_a_shard_stands_still_the_rooms_of_the_others_go_on_and_afterwards_its_own()
    {
        await using var scene = await Scene.StartAsync(shards);
        await scene.Shard.PauseAsync();
        for (var i = 0; i < 10; i++)
        {
            await scene.OfShard.BroadcastAsync();
            await scene.OfOthers.UntilAllAreHeardAsync();
        }

        await scene.Shard.ResumeAsync();
        await shards.UntilFormedAsync();
        await scene.AssertAllIsWellAgainAsync();
    }

    /// <summary>Two hubs, a shard that they can do without, and a room there and elsewhere.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        public required Cluster Cluster { get; init; }

        public required EngineProcess Shard { get; init; }

        public required NumberedRoom OfShard { get; init; }

        public required NumberedRoom OfOthers { get; init; }

        public static async Task<Scene> StartAsync(RedisShards shards)
        {
            while (true)
            {
                var engine = shards.ToEngine();
                var cluster = await ProxiedCluster.StartAsync(_ => engine.Connect());
                var own = cluster.Hubs.Select(static hub => ChannelScope.OfServer(hub.Bridge!.Link.Id)).Append(ChannelScope.Servers);
                var needed = await Task.WhenAll(own.Select(scope => FindAsync(shards, scope)));
                if (shards.Servers.Except(needed).FirstOrDefault() is { } shard)
                {
                    return new Scene
                    {
                        Cluster = cluster,
                        Shard = shard,
                        OfShard = await NumberedRoom.CreateAsync(cluster, await FindRoomAsync(shards, server => server == shard)),
                        OfOthers = await NumberedRoom.CreateAsync(cluster, await FindRoomAsync(shards, server => server != shard)),
                    };
                }

                // The hubs' own channels are spread over all shards. Others will have others.
                await cluster.DisposeAsync();
            }
        }

        public async Task AssertAllIsWellAgainAsync()
        {
            await Cluster.UntilAllAreAsync(EngineState.There);
            foreach (var room in new[] { OfShard, OfOthers })
            {
                await room.UntilAllAreHeardAsync();
                await room.AssertAllWasHeardOrToldAsync();
            }
        }

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();

        private static async Task<string> FindRoomAsync(RedisShards shards, Func<EngineProcess, bool> isWanted)
        {
            var number = 0;
            while (!isWanted(await FindAsync(shards, new ChannelScope(ScopeKind.Room, $"room {number}"))))
            {
                number++;
            }

            return $"room {number}";
        }

        private static Task<EngineProcess> FindAsync(RedisShards shards, ChannelScope scope) =>
            shards.FindAsync(scope.ToChannel(BackplaneServices.DefaultHubName));
    }
}
