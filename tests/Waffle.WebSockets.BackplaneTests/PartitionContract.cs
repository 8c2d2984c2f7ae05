using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Proxies;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Two servers lose sight of each other for a time, each with a way of its own to the engine; a class for each real engine inherits the tests.</summary>
public abstract class PartitionContract
{
    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task Each_goes_on_alone_and_when_it_heals_they_are_one_hub_again()
    {
        await using var engine = await StartEngineAsync();
        await using var first = FaultyProxy.Start(engine.Process.Port);
        await using var second = FaultyProxy.Start(engine.Process.Port);
        await using var cluster = await ProxiedCluster.StartAsync(server => engine.Connect((server == 0 ? first : second).Port));
        var tea = await NumberedRoom.CreateAsync(cluster, "tea");
        await UntilCountsAreAsync(cluster, 2);
        var before = await Holdings.TakeAsync(engine, cluster);

        second.Cut();
        await tea.UntilAsync(server: 1, PublishStatus.Failed);
        await Wait.Eventually(() => cluster.Hubs.All(static hub => hub.Servers.Count == 0), "each is alone");
        Assert.Equal(PublishStatus.Accepted, (await tea.BroadcastAsync())[0]);
        await UntilCountsAreAsync(cluster, 1);

        second.Heal();
        await Wait.Eventually(() => cluster.Hubs.All(static hub => hub.Servers.Count == 1), "they know each other");
        await UntilCountsAreAsync(cluster, 2);
        await tea.UntilAllAreHeardAsync();
        await tea.AssertAllWasHeardOrToldAsync();
        await before.UntilAgainAsync(engine, cluster);
    }

    private static Task UntilCountsAreAsync(Cluster cluster, int members) => Wait.Eventually(
        async () => (await Task.WhenAll(cluster.Hubs.Select(static hub => hub.Room("tea").CountEverywhereAsync())))
            .All(count => count.Count == members && count.Unanswered.Count == 0),
        $"both count {members}");
}
