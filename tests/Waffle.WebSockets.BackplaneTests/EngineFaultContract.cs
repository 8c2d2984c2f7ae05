using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>
/// What becomes of a hub on three servers when its engine is killed, started again or paused; a class for each real engine inherits the tests.
/// </summary>
public abstract class EngineFaultContract
{
    private const int Servers = 3;

    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task Killed_and_started_again_it_has_all_subscriptions_and_nothing_is_missing_untold()
    {
        await using var engine = await StartEngineAsync();

        // With the default heartbeat: it is the driver that finds the fault, so that there is one outage and no more.
        await using var cluster = await Cluster.StartAsync(
            _ => engine.Connect(), Servers, configureHub: static options => options.GapEvent = NumberedRoom.GapEvent);
        var tea = await NumberedRoom.CreateAsync(cluster, "tea");
        var other = await cluster.ConnectAsync(1, null, "kept", "left");
        var before = await Holdings.TakeAsync(engine, cluster);

        await engine.Process.KillAsync();
        await tea.UntilAllAsync(PublishStatus.Failed);
        Assert.True(await other.Client.LeaveAsync("left"));
        Assert.Equal(JoinResult.Joined, await other.Client.JoinAsync("joined").AsTask().Soon());

        await engine.Process.StartAsync();
        await AssertAllIsAsBeforeAsync(engine, cluster, tea, before);
        Assert.All(cluster.Gaps, static gaps => Assert.Single(gaps, static gap => gap.Cause == GapCause.Outage));
        Assert.Equal(["joined", "kept", "tea"], cluster.Gaps[1].Single(static gap => gap.Cause == GapCause.Outage).Rooms.Order());
        Assert.Equal(["joined", "kept", "tea"], cluster.RoomsSubscribedTo(1).Order());
        await other.AssertHearsAsync(cluster.Hubs[0], "joined", "kept");
    }

    [Fact]
    public async Task Paused_it_is_found_by_the_heartbeat_and_when_it_goes_on_nothing_is_missing_untold()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await ProxiedCluster.StartAsync(_ => engine.Connect(), Servers);
        var tea = await NumberedRoom.CreateAsync(cluster, "tea");
        var before = await Holdings.TakeAsync(engine, cluster);

        await engine.Process.PauseAsync();
        await tea.UntilAllAsync(PublishStatus.Failed);
        await engine.Process.ResumeAsync();
        await AssertAllIsAsBeforeAsync(engine, cluster, tea, before);
        Assert.All(cluster.Gaps, static gaps => Assert.Contains(gaps, static gap => gap is { Cause: GapCause.Outage, Rooms: ["tea"] }));
    }

    [Fact]
    public async Task A_server_that_starts_before_its_engine_finds_it_later()
    {
        await using var engine = await StartEngineAsync();
        await engine.Process.KillAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2, waits: false);
        var there = await cluster.ConnectAsync(1, null, "tea");
        Assert.Equal(PublishStatus.Failed, (await cluster.Hubs[0].Room("tea").BroadcastTextAsync("nobody")).Published);
        await engine.Process.StartAsync();
        await cluster.UntilAllAreAsync(EngineState.There);
        await there.AssertHearsAsync(cluster.Hubs[0], "tea");
    }

    private static async Task AssertAllIsAsBeforeAsync(RealEngine engine, Cluster cluster, NumberedRoom room, Holdings before)
    {
        await cluster.UntilAllAreAsync(EngineState.There);
        await room.UntilAllAreHeardAsync();
        await room.AssertAllWasHeardOrToldAsync();
        await before.UntilAgainAsync(engine, cluster);
    }
}
