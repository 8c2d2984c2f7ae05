using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What a cluster holds, at its engine and in itself: what a fault, or many who come and go, must leave as it was.</summary>
/// <param name="AtEngine">Subscriptions, by the engine's own count.</param>
/// <param name="InTables">Channels that hubs are subscribed to.</param>
/// <param name="InAdapters">Channels that adapters remember.</param>
/// <param name="WaitingBytes">What waits to be published.</param>
/// <param name="Questions">Those to other servers that are not answered yet.</param>
internal readonly record struct Holdings(int AtEngine, int InTables, int InAdapters, long WaitingBytes, int Questions)
{
    /// <summary>Counts when nothing waits.</summary>
    public static async Task<Holdings> TakeAsync(RealEngine engine, Cluster cluster)
    {
        var holdings = default(Holdings);
        await Wait.Eventually(
            async () => (holdings = await CountAsync(engine, cluster)) is { WaitingBytes: 0, Questions: 0 },
            "nothing waits, to be published or to be answered");
        return holdings;
    }

    /// <summary>Returns when the cluster holds the same again, no more and no less.</summary>
    public async Task UntilAgainAsync(RealEngine engine, Cluster cluster)
    {
        var (wanted, seen) = (this, default(Holdings));
        try
        {
            await Wait.Eventually(async () => (seen = await CountAsync(engine, cluster)) == wanted);
        }
        catch (TimeoutException)
        {
            Assert.Equal(wanted, seen);
        }
    }

    private static async Task<Holdings> CountAsync(RealEngine engine, Cluster cluster)
    {
        BackplaneLink[] links = [.. cluster.Hubs.Select(static hub => hub.Bridge!.Link)];
        return new Holdings(
            await engine.CountSubscriptionsAsync(),
            links.Sum(static link => link.Subscriptions.Count),
            cluster.Backplanes.Sum(engine.CountChannels),
            links.Sum(static link => link.WaitingBytes),
            links.Sum(static link => link.OpenQuestions));
    }
}
