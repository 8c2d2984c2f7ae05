using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>A server's process is killed, so that it says goodbye to nobody; a class for each real engine inherits the test.</summary>
public abstract class KilledServerContract
{
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(15);

    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task Until_its_lease_ends_it_is_named_as_one_that_did_not_answer_and_then_it_is_gone()
    {
        var time = new FakeTimeProvider();
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(
            _ => engine.Connect(),
            servers: 1,
            static options =>
            {
                options.HubName = "waffle-rooms";
                options.ServerLease = _lease;
            },
            time: time);
        await cluster.ConnectAsync(0, null, "tea");
        var hub = cluster.Hubs[0];
        await using var server = await TargetServer.StartAsync(
            [$"--Backplane:{engine.Setting.Name}={engine.Setting.Value}", "--Backplane:ServerName=other", "--Backplane:HeartbeatInterval=00:00:01"]);
        await Wait.Eventually(() => hub.Servers.Count == 1, "it is heard");
        await using var first = await server.ConnectPeerAsync("/room?name=tea");
        await using var second = await server.ConnectPeerAsync("/room?name=tea");
        await Wait.Eventually(async () => await hub.Room("tea").CountEverywhereAsync() is { Count: 3, Unanswered: [] }, "its members count");

        await server.KillAsync();
        var asking = hub.Room("tea").CountEverywhereAsync();
        await Wait.Eventually(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return asking.IsCompleted;
            },
            "nobody waits for its answer longer than the time for it");
        var count = await asking;
        Assert.Equal(1, count.Count);
        Assert.Equal(["other"], count.Unanswered);
        Assert.Equal("other", Assert.Single(hub.Servers).Name);

        time.Advance(_lease);
        Assert.Empty(hub.Servers);
        count = await hub.Room("tea").CountEverywhereAsync().Soon();
        Assert.Equal(1, count.Count);
        Assert.Empty(count.Unanswered);
    }
}
