using NATS.Client.Core;
using Waffle.WebSockets.Nats;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>A server takes so slowly what comes in one room that the driver's queue for it is full; the driver of Redis has no bound there.</summary>
public sealed class NatsOverflowTests
{
    private const int Capacity = 16;

    [Fact]
    public async Task What_the_driver_drops_is_told_and_what_comes_later_is_heard()
    {
        await using var engine = await Engines.StartNatsAsync();
        using var gate = new ManualResetEventSlim();
        var slow = new LyingBackplane(new NatsBackplane(NatsOpts.Default with { Url = engine.Setting.Value, SubPendingChannelCapacity = Capacity }))
        {
            Change = (channel, message) =>
            {
                if (LyingBackplane.IsRoom(channel))
                {
                    gate.Wait();
                }

                return [message];
            },
        };
        await using var cluster = await Cluster.StartAsync(server => server == 0 ? engine.Connect() : slow, servers: 2);
        var listener = new Listener(await cluster.ConnectAsync(1, null, "tea"));
        try
        {
            // One is being taken, as many wait as may, and the others are dropped.
            for (var i = 0; i < 4 * Capacity; i++)
            {
                await cluster.Hubs[0].Room("tea").BroadcastTextAsync($"{i}");
            }

            await Wait.Eventually(() => cluster.Gaps[1].Any(static gap => gap is { Cause: GapCause.Overflow, Rooms: ["tea"] }), "what was dropped is told");
        }
        finally
        {
            gate.Set();
        }

        await Wait.Eventually(
            async () =>
            {
                await cluster.Hubs[0].Room("tea").BroadcastTextAsync("later");
                return listener.HasHeard("later");
            },
            "it hears again");
        Assert.Equal("0", listener.Texts[0]);
        Assert.InRange(listener.Texts.Count(static text => text != "later"), Capacity, (4 * Capacity) - 1);
        Assert.Contains(cluster.Gaps[1], static gap => gap is { Cause: GapCause.Lost, Rooms: ["tea"] });
    }
}
