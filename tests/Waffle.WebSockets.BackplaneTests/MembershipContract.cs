using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What members leave at a real engine, and who is no member does there; a class for each inherits the tests.</summary>
public abstract class MembershipContract
{
    private const int Lanes = 8;

    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task C92_whoever_comes_and_goes_leaves_nothing_behind()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(
            _ => engine.Connect(), servers: 2, static options => options.JoinTimeout = RawPeer.Patience);
        var before = await Holdings.TakeAsync(engine, cluster);
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(ComeAndGoAsync));

        await Wait.Eventually(() => cluster.Hubs.All(static hub => hub.Count == 0), "all are gone");
        await before.UntilAgainAsync(engine, cluster);
        Assert.All(cluster.Gaps, Assert.Empty);

        async Task ComeAndGoAsync(int lane)
        {
            for (var i = lane; i < 1_000; i += Lanes)
            {
                var member = await cluster.ConnectAsync(i % 2, null, "shared", $"room {i}");
                member.Client.Connection.Abort();
            }
        }
    }

    [Fact]
    public async Task C95_who_only_publishes_subscribes_to_nothing_and_each_message_comes_once()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2);
        string[] own = [.. Enumerable.Range(0, 100).Select(static i => $"room {i * 100}")];
        var alice = new Listener(await cluster.ConnectAsync(1, "alice", own));
        var bob = new Listener(await cluster.ConnectAsync(1, "bob"));
        var (before, subscribed) = (cluster.Hubs[0].Bridge!.Link.Subscriptions.Count, await engine.CountSubscriptionsAsync());

        for (var i = 0; i < 10_000; i++)
        {
            await PublishAsync($"room {i}", $"room {i}");
        }

        foreach (var user in new[] { "alice", "bob", "nobody" })
        {
            Assert.Equal(PublishStatus.Accepted, (await cluster.Hubs[0].User(user).BroadcastTextAsync(user)).Published);
            await cluster.Hubs[0].User(user).BroadcastTextAsync($"end of {user}");
        }

        foreach (var room in own)
        {
            await PublishAsync(room, $"end of {room}");
        }

        // In each channel the end comes last.
        string[] expected = [.. own, "alice"];
        await Wait.Eventually(() => expected.All(text => alice.HasHeard($"end of {text}")) && bob.HasHeard("end of bob"), "all has come");
        Assert.Equal(expected.Concat(expected.Select(static text => $"end of {text}")).Order(), alice.Texts.Order());
        Assert.Equal(["bob", "end of bob"], bob.Texts);
        Assert.Equal((before, subscribed), (cluster.Hubs[0].Bridge!.Link.Subscriptions.Count, await engine.CountSubscriptionsAsync()));

        async Task PublishAsync(string room, string text) =>
            Assert.Equal(new BroadcastResult(0, 0, 0, PublishStatus.Accepted), await cluster.Hubs[0].Room(room).BroadcastTextAsync(text));
    }
}
