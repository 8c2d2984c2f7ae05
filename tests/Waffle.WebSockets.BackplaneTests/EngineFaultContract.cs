using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What becomes of a hub on several servers when its engine is killed, started again or paused; a class for each real engine inherits the tests.</summary>
public abstract class EngineFaultContract
{
    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task Killed_and_started_again_it_has_all_subscriptions_and_the_gap_is_told_once()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await StartClusterAsync(engine);
        var (here, there) = (await cluster.ConnectAsync(0, null, "tea"), await cluster.ConnectAsync(1, null, "tea", "left"));
        await AssertReachesAsync(cluster, there);

        await engine.Process.KillAsync();
        await AssertAwayAsync(cluster);
        Assert.Equal(new BroadcastResult(1, 0, 0, PublishStatus.Failed), await cluster.Hubs[0].Room("tea").BroadcastTextAsync("here only"));
        await here.TextsUpToAsync("here only");
        await there.Client.LeaveAsync("left");
        Assert.Equal(JoinResult.Joined, await there.Client.JoinAsync("joined").AsTask().Soon());

        await engine.Process.StartAsync();
        await Wait.Eventually(() => cluster.Gaps.All(static gaps => gaps.Any(static gap => gap.Cause == GapCause.Outage)), "both have told the gap");
        var gap = Assert.Single(cluster.Gaps[1], static gap => gap.Cause == GapCause.Outage);
        Assert.Equal(["joined", "tea"], gap.Rooms.Order());
        await AssertReachesAsync(cluster, there);
        Assert.Equal(["joined", "tea"], cluster.RoomsSubscribedTo(1).Order());
    }

    [Fact]
    public async Task Paused_it_is_found_by_the_heartbeat_and_when_it_goes_on_everything_does()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await StartClusterAsync(engine);
        var there = await cluster.ConnectAsync(1, null, "tea");
        await AssertReachesAsync(cluster, there);

        await engine.Process.PauseAsync();
        await AssertAwayAsync(cluster);
        await engine.Process.ResumeAsync();
        await Wait.Eventually(() => cluster.Gaps[1].Any(static gap => gap.Cause == GapCause.Outage), "the gap is told");
        await AssertReachesAsync(cluster, there);
    }

    [Fact]
    public async Task A_server_that_starts_before_its_engine_finds_it_later()
    {
        await using var engine = await StartEngineAsync();
        await engine.Process.KillAsync();
        await using var cluster = await StartClusterAsync(engine, waits: false);
        var there = await cluster.ConnectAsync(1, null, "tea");
        Assert.Equal(PublishStatus.Failed, (await cluster.Hubs[0].Room("tea").BroadcastTextAsync("nobody")).Published);
        await engine.Process.StartAsync();
        await AssertReachesAsync(cluster, there);
    }

    // Short, so that the fault is found soon: the tests wait for it in real time.
    private static Task<Cluster> StartClusterAsync(RealEngine engine, bool waits = true) => Cluster.StartAsync(
        _ => engine.Connect(),
        servers: 2,
        static options =>
        {
            options.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
            options.ServerLease = TimeSpan.FromSeconds(5);
        },
        waits: waits);

    private static Task AssertAwayAsync(Cluster cluster) => Wait.Eventually(
        async () => (await Task.WhenAll(cluster.Hubs.Select(static hub => hub.Room("nobody").BroadcastTextAsync("away?").AsTask())))
            .All(static result => result.Published == PublishStatus.Failed),
        "all servers have found the engine away");

    private static async Task AssertReachesAsync(Cluster cluster, Cluster.Member member)
    {
        await Wait.Eventually(
            async () => (await Task.WhenAll(cluster.Hubs.Select(static hub => hub.Room("nobody").BroadcastTextAsync("there?").AsTask())))
                .All(static result => result.Published == PublishStatus.Accepted),
            "all servers have found the engine");
        await cluster.Hubs[0].Room("tea").BroadcastTextAsync("mark");
        await cluster.Hubs[0].Room("tea").BroadcastTextAsync("end");
        var before = await member.TextsUpToAsync("end");
        Assert.Contains("mark", before);
    }
}
