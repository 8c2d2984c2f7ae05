using System.Diagnostics;
using System.Globalization;
using Waffle.WebSockets.Bench.Load.Generator.Measuring;
using Waffle.WebSockets.Bench.Load.Results;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load;

/// <summary>Tells after each step what came of it, and how long the rest will take.</summary>
internal sealed class Progress(TextWriter output, int steps)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _done;
    private int _skipped;

    public void Skip(int count) => _skipped += count;

    public void Tell(Workload workload, RunResult result)
    {
        _done++;
        var left = steps - _skipped - _done;
        var time = _watch.Elapsed / _done * Math.Max(left, 0);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{time:hh\\:mm\\:ss} left  {workload.Name}, round {result.Round + 1}, {result.Peer}: {Describe(workload, result)}"));
    }

    private static string Describe(Workload workload, RunResult result) => result.Report switch
    {
        { Failure: { } failure } => $"failed: {failure}",
        { Interval: { } interval } =>
            $"{Figures.Format(interval.ServerMicrosecondsEach)} µs for each {workload.Unit}, "
            + $"{Figures.Format(interval.CountPerSecond)} in a second, n={result.Report.Connections}",
        _ => string.Join(", ", result.Report.Memory.Select(Describe)),
    };

    private static string Describe(MemoryPoint point) =>
        $"{Figures.FormatKibibytes(point.BytesEach)} KiB at n={point.Connections}{(point.AfterBroadcast ? " after a broadcast" : "")}";
}
