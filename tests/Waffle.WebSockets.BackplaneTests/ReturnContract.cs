using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>
/// How soon a hub is whole once its engine is: as soon as the driver is connected, without waiting for any clock of ours. A class for each real engine
/// inherits the tests.
/// </summary>
public abstract class ReturnContract
{
    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task No_heartbeat_is_waited_for_until_everything_is_subscribed_to_and_told()
    {
        await using var engine = await StartEngineAsync();

        // With default options, and a clock that stands still.
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2, time: new FakeTimeProvider());
        var member = await cluster.ConnectAsync(1, null, "tea", "coffee");
        await engine.Process.KillAsync();
        await Task.WhenAll(cluster.UntilAsync(0, EngineState.Away), cluster.UntilAsync(1, EngineState.Away));

        await engine.Process.StartAsync();
        await Wait.Eventually(() => cluster.Gaps[1].Any(static gap => gap.Cause == GapCause.Outage), "the gap is told");
        var gap = cluster.Gaps[1].Single(static gap => gap.Cause == GapCause.Outage);
        Assert.Equal(["coffee", "tea"], gap.Rooms.Order());
        await cluster.UntilAsync(0, EngineState.There);
        foreach (var room in new[] { "tea", "coffee" })
        {
            await cluster.Hubs[0].Room(room).BroadcastTextAsync(room);
            Assert.Equal(room, await member.NextTextAsync());
        }
    }
}
