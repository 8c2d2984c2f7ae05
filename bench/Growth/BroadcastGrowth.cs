using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.Bench.Growth;

/// <summary>What a broadcast costs for each of its receivers.</summary>
internal static class BroadcastGrowth
{
    private static readonly string _text = new('x', 100);

    public static async Task<Plot> MeasureAsync(GrowthSizes sizes)
    {
        var lines = new Lines();
        foreach (var members in sizes.Members)
        {
            lines.Add(Names.Waffle, members, Microseconds.For(await BroadcastAsync(members, sizes.Samples), members));
        }

        return new Plot(
            "growth-broadcast",
            "A broadcast of 100 bytes to outputs in memory",
            new PlotAxis("Receivers"),
            new PlotAxis("CPU per delivery", "µs"),
            lines.ToSeries(),
            GrowthReport.Note);
    }

    private static async Task<TimeSpan> BroadcastAsync(int members, int samples)
    {
        await using var crowd = new Crowd();
        await crowd.AddAsync(members);
        var times = await CpuTime.MedianAsync(samples, async () => [await CpuTime.OfAsync(async () =>
        {
            var result = await crowd.Hub.BroadcastTextAsync(_text);
            if (result.Queued != members)
            {
                throw new InvalidOperationException($"{result.Queued} of {members} got it.");
            }
        })]);
        return times[0];
    }
}
