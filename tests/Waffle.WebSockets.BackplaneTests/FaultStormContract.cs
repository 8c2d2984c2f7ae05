using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Proxies;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>One fault follows the other, on both servers' ways and at the engine itself, while members come and go; a class for each real engine inherits the test.</summary>
public abstract class FaultStormContract
{
    private const int Steps = 15;

    private static readonly ProxyFault[] _faults = Enum.GetValues<ProxyFault>();

    protected abstract Task<RealEngine> StartEngineAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task When_it_is_over_all_is_as_it_should_be_and_nothing_is_missing_untold(int seed)
    {
        var random = new Random(seed);
        await using var engine = await StartEngineAsync();
        await using var first = FaultyProxy.Start(engine.Process.Port);
        await using var second = FaultyProxy.Start(engine.Process.Port);
        FaultyProxy[] ways = [first, second];
        await using var cluster = await ProxiedCluster.StartAsync(server => engine.Connect(ways[server].Port));
        var tea = await NumberedRoom.CreateAsync(cluster, "tea");
        var members = new[] { await cluster.ConnectAsync(0), await cluster.ConnectAsync(1) };
        HashSet<string>[] wanted = [["tea"], ["tea"]];

        for (var step = 0; step < Steps; step++)
        {
            var server = random.Next(2);
            var expected = await DisturbAsync(engine, ways[server], random);
            if (expected is { } status && random.Next(2) == 0)
            {
                await tea.UntilAsync(server, status);
            }

            await ComeOrGoAsync(members[server], wanted[server], $"room {random.Next(4)}");
            for (var i = random.Next(20); i > 0; i--)
            {
                await tea.BroadcastAsync();
            }
        }

        Array.ForEach(ways, static way => way.Heal());
        await tea.UntilAllAreHeardAsync();
        await Wait.Eventually(
            () => cluster.Hubs.Zip(cluster.Backplanes, wanted).All(server =>
                server.First.Bridge!.Link is { State: EngineState.There } link && link.Subscriptions.Count == engine.CountChannels(server.Second)),
            "all servers are there, and their adapters have what they want");
        await tea.AssertAllWasHeardOrToldAsync();
        for (var server = 0; server < 2; server++)
        {
            Assert.Equal(wanted[server].Order(), cluster.RoomsSubscribedTo(server).Order());
            await members[server].AssertHearsAsync(cluster.Hubs[1 - server], [.. wanted[server].Where(static room => room != "tea")]);
        }
    }

    // What becomes, in time, of what the server publishes, if that is certain.
    private static async Task<PublishStatus?> DisturbAsync(RealEngine engine, FaultyProxy way, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                await engine.Process.KillAsync();
                await engine.Process.StartAsync();
                return null;
            case < 4:
                way.Heal();
                return PublishStatus.Accepted;
            default:
                way.Apply(_faults[random.Next(_faults.Length)]);
                return PublishStatus.Failed;
        }
    }

    private static async Task ComeOrGoAsync(Cluster.Member member, HashSet<string> wanted, string room)
    {
        if (wanted.Add(room))
        {
            Assert.Equal(JoinResult.Joined, await member.Client.JoinAsync(room).AsTask().Soon());
        }
        else
        {
            wanted.Remove(room);
            Assert.True(await member.Client.LeaveAsync(room));
        }
    }
}
