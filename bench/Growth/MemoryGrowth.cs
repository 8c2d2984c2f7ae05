using Waffle.WebSockets.Bench.Plots;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Growth;

/// <summary>What an idle connection keeps in managed memory. Its transport in memory, which stands for a server's, is measured apart and taken off.</summary>
internal static class MemoryGrowth
{
    private const int FewestConnections = 1000;

    public static async Task<Plot> MeasureAsync(GrowthSizes sizes)
    {
        var lines = new Lines();
        foreach (var connections in sizes.Members.Where(static count => count >= FewestConnections))
        {
            var transport = await MeasureEachAsync(connections, CreateTransportsAsync);
            lines.Add("Client in a room", connections, await MeasureEachAsync(connections, CreateMembersAsync) - transport);
            lines.Add("Client of a hub", connections, await MeasureEachAsync(connections, CreateClientsAsync) - transport);
        }

        return new Plot(
            "growth-memory",
            "Managed memory of an idle connection, without its transport",
            new PlotAxis("Connections"),
            new PlotAxis("Memory per connection", "bytes"),
            lines.ToSeries(),
            GrowthReport.Note);
    }

    private static async Task<double> MeasureEachAsync<T>(int connections, Func<int, Task<T>> create)
    {
        // What is made once, for the first, is there before the look. It is of few, since the collector may not see yet that they are gone.
        await DisposeAsync(await create(1));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var created = await create(connections);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        await DisposeAsync(created);
        return (double)(after - before) / connections;
    }

    private static ValueTask DisposeAsync(object? created)
    {
        GC.KeepAlive(created);
        return created is IAsyncDisposable disposable ? disposable.DisposeAsync() : default;
    }

    private static Task<SilentPeer[]> CreateTransportsAsync(int count)
    {
        var peers = new SilentPeer[count];
        for (var i = 0; i < count; i++)
        {
            peers[i] = new SilentPeer();
        }

        return Task.FromResult(peers);
    }

    private static async Task<Crowd> CreateClientsAsync(int count)
    {
        var crowd = new Crowd();
        await crowd.AddAsync(count);
        return crowd;
    }

    private static async Task<Crowd> CreateMembersAsync(int count)
    {
        var crowd = new Crowd();
        await Membership.JoinAsync(await crowd.AddAsync(count), static _ => "tea");
        return crowd;
    }
}
