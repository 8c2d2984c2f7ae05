using Waffle.WebSockets.Bench.Growth.SignalR;
using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.Bench.Growth;

/// <summary>What it costs that everybody joins one room, and that everybody leaves it: all of them together.</summary>
internal static class JoinGrowth
{
    private const int MostCrowds = 3;

    public static async Task<Plot> MeasureAsync(GrowthSizes sizes)
    {
        // The first joins are too few to compile the code, which would take longer than they do.
        await WaffleAsync(sizes.Members[0], samples: 1, new Lines());
        var lines = new Lines();
        foreach (var count in sizes.Members)
        {
            await WaffleAsync(count, sizes.Samples, lines);
            await SignalRAsync(count, sizes.Samples, lines);
        }

        return new Plot(
            "growth-joins",
            "Everybody joins one room, everybody leaves it",
            new PlotAxis("Clients"),
            new PlotAxis("CPU for all of them", "ms"),
            lines.ToSeries(),
            GrowthReport.Note);
    }

    private static async Task WaffleAsync(int count, int samples, Lines lines)
    {
        var first = await FirstAsync(count, Math.Min(samples, MostCrowds));
        await using var crowd = new Crowd();
        var clients = await crowd.AddAsync(count);
        await Membership.JoinAsync(clients, static _ => "first");
        var times = await CpuTime.MedianAsync(samples, async () =>
        [
            await CpuTime.OfAsync(() => Membership.JoinAsync(clients, static _ => "second")),
            await CpuTime.OfAsync(() => Membership.LeaveAsync(clients, static _ => "second")),
        ]);
        lines.Add("Join, first room", count, first.TotalMilliseconds);
        lines.Add("Join", count, times[0].TotalMilliseconds);
        lines.Add("Leave", count, times[1].TotalMilliseconds);
    }

    // The first room of its life makes a client's list of rooms, so that each crowd serves once.
    private static async Task<TimeSpan> FirstAsync(int count, int samples)
    {
        var taken = new List<TimeSpan>();
        for (var i = 0; i < samples; i++)
        {
            await using var crowd = new Crowd();
            var clients = await crowd.AddAsync(count);
            GC.Collect();
            taken.Add(await CpuTime.OfAsync(() => Membership.JoinAsync(clients, static _ => "first")));
        }

        return taken.Order().ElementAt(samples / 2);
    }

    private static async Task SignalRAsync(int count, int samples, Lines lines)
    {
        var crowd = new SignalRCrowd();
        var clients = await crowd.AddAsync(count);
        var times = await CpuTime.MedianAsync(samples, async () =>
        [
            await CpuTime.OfAsync(() => crowd.JoinAsync(clients, static _ => "second")),
            await CpuTime.OfAsync(() => crowd.LeaveAsync(clients, static _ => "second")),
        ]);
        lines.Add($"{Names.SignalR}, join", count, times[0].TotalMilliseconds);
        lines.Add($"{Names.SignalR}, leave", count, times[1].TotalMilliseconds);
    }
}
