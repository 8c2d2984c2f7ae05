using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Generator.Measuring;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>The medians of a server's rounds at a workload; one that failed in any of them has none.</summary>
internal sealed record Summary
{
    /// <summary>What it did wrong.</summary>
    public string? Failure { get; init; }

    /// <summary>Why it cannot take part.</summary>
    public string? Declined { get; init; }

    /// <summary>The server's processor time for one delivery, message or handshake.</summary>
    public double? MicrosecondsEach { get; init; }

    /// <summary>The same, divided by the floor's in the same round.</summary>
    public double? RatioToFloor { get; init; }

    /// <summary>Of that, the second server's, where there are two.</summary>
    public double? SecondServerMicrosecondsEach { get; init; }

    /// <summary>The engine's between two servers, which is in neither.</summary>
    public double? EngineMicrosecondsEach { get; init; }

    public double? PerSecond { get; init; }

    public double? P50Microseconds { get; init; }

    public double? P99Microseconds { get; init; }

    public IReadOnlyList<MemoryPoint> Memory { get; init; } = [];

    public int StalledEnded { get; init; }

    public static Summary Create(IReadOnlyList<RunResult> runs, IReadOnlyList<RunResult> floor)
    {
        if (runs.FirstOrDefault(run => run.Report.Failure is not null) is { } failed)
        {
            return new Summary { Failure = failed.Report.Failure };
        }

        var summary = new Summary
        {
            Memory = MedianMemory([.. runs.Select(run => run.Report)]),
            StalledEnded = runs.Max(run => run.Report.StalledEnded),
        };
        return runs.All(run => run.Report.Interval is not null) ? AddMedians(summary, runs, floor) : summary;
    }

    private static Summary AddMedians(Summary summary, IReadOnlyList<RunResult> runs, IReadOnlyList<RunResult> floor)
    {
        var ratios = runs
            .Join(
                floor.Where(run => run.Report.Interval is not null),
                run => run.Round,
                run => run.Round,
                (own, least) => own.Report.Interval!.ServerMicrosecondsEach / least.Report.Interval!.ServerMicrosecondsEach)
            .ToArray();
        return summary with
        {
            MicrosecondsEach = Median(runs, interval => interval.ServerMicrosecondsEach),
            RatioToFloor = ratios.Length > 0 ? Statistics.Median(ratios) : null,
            SecondServerMicrosecondsEach = MedianIfAny(runs, interval => interval.SecondServerMicrosecondsEach),
            EngineMicrosecondsEach = MedianIfAny(runs, interval => interval.EngineMicrosecondsEach),
            PerSecond = Median(runs, interval => interval.CountPerSecond),
            P50Microseconds = Median(runs, interval => interval.P50Microseconds),
            P99Microseconds = Median(runs, interval => interval.P99Microseconds),
        };
    }

    private static double Median(IReadOnlyList<RunResult> runs, Func<MeasuredInterval, double> figure) =>
        Statistics.Median(runs.Select(run => figure(run.Report.Interval!)));

    private static double? MedianIfAny(IReadOnlyList<RunResult> runs, Func<MeasuredInterval, double?> figure) =>
        runs.Select(run => figure(run.Report.Interval!)).OfType<double>().ToArray() is { Length: > 0 } figures ? Statistics.Median(figures) : null;

    private static IReadOnlyList<MemoryPoint> MedianMemory(IReadOnlyList<GeneratorReport> reports) =>
    [
        .. reports.SelectMany(report => report.Memory)
            .GroupBy(point => (point.Connections, point.AfterBroadcast))
            .Select(points => points.First() with { BytesEach = Statistics.Median(points.Select(point => point.BytesEach)) }),
    ];
}
