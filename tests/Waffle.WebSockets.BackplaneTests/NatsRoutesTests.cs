using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Nats;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Two hubs at two NATS servers that are a cluster, of which one dies, or which lose sight of each other.</summary>
public sealed class NatsRoutesTests
{
    [Fact]
    public async Task A_hub_whose_NATS_server_dies_goes_to_the_other_and_nothing_is_missing_untold()
    {
        await using var routes = await NatsRoutes.StartAsync();
        await using var cluster = await ProxiedCluster.StartAsync(server => ConnectToBoth(routes, first: server));
        var tea = await NumberedRoom.CreateAsync(cluster, "tea");
        var coffee = new Listener(await cluster.ConnectAsync(0, null, "coffee"));

        await routes.Servers[0].Process.KillAsync();
        await AssertAllIsWellAgainAsync(cluster, tea, coffee, "at the second");
        Assert.Contains(cluster.Gaps[0], static gap => gap.Cause == GapCause.Outage && gap.Rooms.Order().SequenceEqual(["coffee", "tea"]));

        // Now both are at the second; and it is the first's turn.
        await routes.Servers[0].Process.StartAsync();
        await routes.Servers[1].Process.KillAsync();
        await AssertAllIsWellAgainAsync(cluster, tea, coffee, "at the first");
        Assert.All(cluster.Gaps, static gaps => Assert.Contains(gaps, static gap => gap.Cause == GapCause.Outage));
    }

    [Fact]
    public async Task NATS_servers_that_lose_sight_of_each_other_part_the_hub_and_when_they_meet_again_all_gaps_are_told()
    {
        await using var routes = await NatsRoutes.StartAsync();
        await using var cluster = await ProxiedCluster.StartAsync(server => routes.Servers[server].Connect());
        var tea = await NumberedRoom.CreateAsync(cluster, "tea");
        var quiet = new Listener(await cluster.ConnectAsync(1, null, "quiet"));

        routes.Way.Cut();
        await Wait.Eventually(() => cluster.Hubs.All(static hub => hub.Servers.Count == 0), "each is alone");

        // Each has its engine.
        Assert.All(await tea.BroadcastAsync(), static published => Assert.Equal(PublishStatus.Accepted, published));
        await cluster.Hubs[0].Room("quiet").BroadcastTextAsync("lost");

        routes.Way.Heal();
        await Wait.Eventually(() => cluster.Hubs.All(static hub => hub.Servers.Count == 1), "they know each other");
        await Wait.Eventually(
            () => cluster.Gaps[1].Any(static gap => gap is { Cause: GapCause.Lost, Server: "server 0" } && gap.Rooms.Contains("quiet")),
            "the gap is told also where nothing follows");
        await tea.UntilAllAreHeardAsync();
        await tea.AssertAllWasHeardOrToldAsync();
        await cluster.Hubs[0].Room("quiet").BroadcastTextAsync("heard");
        await Wait.Eventually(() => quiet.HasHeard("heard"), "it hears again");
        Assert.False(quiet.HasHeard("lost"));
    }

    private static async Task AssertAllIsWellAgainAsync(Cluster cluster, NumberedRoom tea, Listener coffee, string text)
    {
        await tea.UntilAllAreHeardAsync();
        await cluster.UntilAllAreAsync(EngineState.There);
        await tea.UntilAllAsync(PublishStatus.Accepted);
        await tea.AssertAllWasHeardOrToldAsync();
        Assert.Equal(["coffee", "tea"], cluster.RoomsSubscribedTo(0).Order());
        await cluster.Hubs[1].Room("coffee").BroadcastTextAsync(text);
        await Wait.Eventually(() => coffee.HasHeard(text), "the other room is heard, too");
    }

    // In a known order, so that each is at a server of its own.
    private static NatsBackplane ConnectToBoth(NatsRoutes routes, int first)
    {
        var urls = new[] { routes.Servers[first], routes.Servers[1 - first] }.Select(static server => server.Setting.Value);
        var options = WebSocketNatsServiceCollectionExtensions.CreateOptions(string.Join(',', urls));
        return new NatsBackplane(options with { NoRandomize = true });
    }
}
