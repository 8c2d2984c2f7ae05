using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Proxies;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What becomes of a hub on two servers when the way of one to the engine is disturbed; a class for each real engine inherits the tests.</summary>
public abstract class ProxyFaultContract
{
    protected abstract Task<RealEngine> StartEngineAsync();

    [Theory]
    [InlineData(ProxyFault.Cut)]
    [InlineData(ProxyFault.Stall)]
    [InlineData(ProxyFault.StallToEngine)]
    [InlineData(ProxyFault.StallFromEngine)]
    [InlineData(ProxyFault.HalfCloseToEngine)]
    [InlineData(ProxyFault.HalfCloseFromEngine)]
    [InlineData(ProxyFault.Delay)]
    public async Task While_one_servers_way_is_disturbed_each_serves_its_own_and_afterwards_nothing_is_missing_untold(ProxyFault fault)
    {
        await using var engine = await StartEngineAsync();
        await using var proxy = FaultyProxy.Start(engine.Process.Port);
        await using var cluster = await ProxiedCluster.StartAsync(server => server == 0 ? engine.Connect() : engine.Connect(proxy.Port));
        var tea = await NumberedRoom.CreateAsync(cluster, "tea");
        var other = await cluster.ConnectAsync(1, null, "kept", "left");

        proxy.Apply(fault);
        await tea.UntilAsync(server: 1, PublishStatus.Failed);
        Assert.Equal(JoinResult.Joined, await other.Client.JoinAsync("joined").AsTask().Soon());
        Assert.True(await other.Client.LeaveAsync("left"));
        Assert.Equal(PublishStatus.Accepted, (await tea.BroadcastAsync())[0]);

        proxy.Heal();
        await tea.UntilAllAreHeardAsync();
        await cluster.UntilAsync(1, EngineState.There);
        await tea.UntilAsync(server: 1, PublishStatus.Accepted);
        await tea.AssertAllWasHeardOrToldAsync();
        await Wait.Eventually(() => cluster.RoomsSubscribedTo(1).Order().SequenceEqual(["joined", "kept", "tea"]), "server 1 has what it wants");
        await Wait.Eventually(
            () => engine.CountChannels(cluster.Backplanes[1]) == cluster.Hubs[1].Bridge!.Link.Subscriptions.Count, "its adapter has nothing else");
        await other.AssertHearsAsync(cluster.Hubs[0], "joined", "kept");
    }
}
