using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Workloads;
using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>The growth group, to be drawn.</summary>
internal static class GrowthPlots
{
    private const double Kibibyte = 1024;

    public static IReadOnlyList<Plot> Create(BenchResults results)
    {
        var growth = results.Workloads.Where(workload => workload.Group == Groups.Growth).ToArray();
        var costs = SeriesOf(results, peer => growth
            .Where(workload => workload.Kind == LoadKind.FanOut)
            .Select(workload => Point(workload.Connections, results.Summarize(workload.Name, peer)?.MicrosecondsEach)));
        var memory = SeriesOf(results, peer => growth
            .Where(workload => workload.Kind == LoadKind.Memory)
            .SelectMany(workload => results.Summarize(workload.Name, peer)?.Memory ?? [])
            .Where(point => !point.AfterBroadcast)
            .Select(point => Point(point.Connections, point.BytesEach / Kibibyte)));
        var note = $"{results.Machine.Processor}, {results.Started:yyyy-MM-dd}";
        Plot[] plots =
        [
            new("load-fan-out", "A message of 100 bytes to all, over TCP", new("Receivers"), new("CPU per delivery", "µs"), costs, note),
            new("load-memory", "Memory of an idle connection", new("Connections"), new("Resident memory for each", "KiB"), memory, note),
        ];
        return [.. plots.Where(plot => plot.Series.Count > 0)];
    }

    private static IReadOnlyList<PlotSeries> SeriesOf(BenchResults results, Func<string, IEnumerable<PlotPoint?>> pointsOf) =>
    [
        .. results.Peers
            .Select(peer => new PlotSeries(peer.Name, [.. pointsOf(peer.Name).OfType<PlotPoint>()], IsReference: peer.Name == PeerList.Floor.Name))
            .Where(series => series.Points.Count > 0),
    ];

    // The axes are logarithmic.
    private static PlotPoint? Point(int connections, double? value) => value > 0 ? new PlotPoint(connections, value.Value) : null;
}
