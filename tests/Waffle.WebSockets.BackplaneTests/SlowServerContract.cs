using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Proxies;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>A server takes so slowly what comes that its engine cuts it off; a class for each real engine, with small buffers, inherits the test.</summary>
public abstract class SlowServerContract
{
    private static readonly string _bulk = new('x', 512 * 1024);

    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task Cut_off_by_the_engine_it_comes_back_and_tells_what_it_may_have_missed()
    {
        await using var engine = await StartEngineAsync();
        await using var proxy = FaultyProxy.Start(engine.Process.Port);

        // With the default heartbeat, so that it is the engine that gives up first.
        await using var cluster = await Cluster.StartAsync(
            server => server == 0 ? engine.Connect() : engine.Connect(proxy.Port), servers: 2, configureHub: static options => options.GapEvent = NumberedRoom.GapEvent);
        var tea = await NumberedRoom.CreateAsync(cluster, "tea");
        var listener = new Listener(await cluster.ConnectAsync(1, null, "bulk"));
        var before = await Holdings.TakeAsync(engine, cluster);

        proxy.Stall(ProxyDirections.FromTarget);
        await Wait.Eventually(
            async () =>
            {
                await cluster.Hubs[0].Room("bulk").BroadcastTextAsync(_bulk, new SendOptions { WhenQueueFull = QueueFullPolicy.DropNewest });
                return await engine.CountSubscriptionsAsync() < before.AtEngine;
            },
            "the engine has cut it off");
        await tea.BroadcastAsync();

        proxy.Heal();
        await Wait.Eventually(
            async () =>
            {
                await tea.BroadcastAsync();
                return cluster.Gaps[1].Any(static gap => gap.Cause == GapCause.Outage && gap.Rooms.Order().SequenceEqual(["bulk", "tea"]));
            },
            "the gap is told");
        await tea.UntilAllAreHeardAsync();
        await tea.AssertAllWasHeardOrToldAsync();
        await cluster.Hubs[0].Room("bulk").BroadcastTextAsync("end");
        await Wait.Eventually(() => listener.HasHeard("end"), "it hears again");
        await before.UntilAgainAsync(engine, cluster);
    }
}
