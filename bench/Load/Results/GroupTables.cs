using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>The tables of a group of workloads: a row for each server, a column for each workload.</summary>
internal static class GroupTables
{
    public static string Cost(BenchResults results, IReadOnlyList<Workload> workloads, Footnotes notes) =>
        Create(results, $"µs for each {workloads[0].Unit}", workloads, (_, summary) => CostCell(summary, notes));

    public static string Rate(BenchResults results, IReadOnlyList<Workload> workloads) =>
        Create(results, "in a second; half and 99 % within", workloads, (_, summary) => RateCell(summary));

    /// <summary>Who has worked for each message, of two servers and the engine between them.</summary>
    public static string Shares(BenchResults results, IReadOnlyList<Workload> workloads) =>
        Create(results, "µs for each message on A, on B; the engine's", workloads, SharesCell);

    public static string Memory(BenchResults results, IReadOnlyList<Workload> workloads, Footnotes notes)
    {
        var table = new MarkdownTable("KiB for each connection", "idle", "after one broadcast");
        foreach (var peer in Measured(results, workloads))
        {
            var summary = results.Summarize(workloads[0].Name, peer)!;
            table.Add(peer, MemoryCell(summary, afterBroadcast: false, notes), MemoryCell(summary, afterBroadcast: true, notes));
        }

        return $"{table}";
    }

    public static string CostCell(Summary? summary, Footnotes notes) => summary switch
    {
        null => "",
        { Failure: { } failure } => $"failed {notes.Mark(failure)}",
        { Declined: { } reason } => $"– {notes.Mark(reason)}",
        { MicrosecondsEach: { } cost, RatioToFloor: { } ratio } => $"{Figures.Format(cost)} ({Figures.FormatRatio(ratio)})",
        { MicrosecondsEach: { } cost } => Figures.Format(cost),
        _ => "",
    };

    private static string RateCell(Summary? summary)
    {
        if (summary is not { PerSecond: { } rate, P50Microseconds: { } half, P99Microseconds: { } most })
        {
            return "";
        }

        var ended = summary.StalledEnded > 0 ? $"; ended {summary.StalledEnded}" : "";
        return $"{Figures.Format(rate)}; {Figures.FormatDuration(half)}, {Figures.FormatDuration(most)}{ended}";
    }

    private static string SharesCell(Workload workload, Summary? summary)
    {
        if (summary?.MicrosecondsEach is not { } all)
        {
            return "";
        }

        var second = summary.SecondServerMicrosecondsEach;
        var parts = new[] { all - (second ?? 0), second, summary.EngineMicrosecondsEach }
            .Select(each => each is { } cost ? Figures.Format(cost * workload.DeliveriesPerMessage) : "–")
            .ToArray();
        return $"{parts[0]}, {parts[1]}; {parts[2]}";
    }

    private static string MemoryCell(Summary summary, bool afterBroadcast, Footnotes notes)
    {
        if (summary.Failure is not null || summary.Declined is not null)
        {
            return CostCell(summary, notes);
        }

        var last = summary.Memory.LastOrDefault(point => point.AfterBroadcast == afterBroadcast);
        return last is null ? "" : Figures.FormatKibibytes(last.BytesEach);
    }

    private static string Create(BenchResults results, string corner, IReadOnlyList<Workload> workloads, Func<Workload, Summary?, string> cell)
    {
        var table = new MarkdownTable([corner, .. workloads.Select(workload => workload.Title)]);
        foreach (var peer in Measured(results, workloads))
        {
            table.Add([peer, .. workloads.Select(workload => cell(workload, results.Summarize(workload.Name, peer)))]);
        }

        return $"{table}";
    }

    private static IEnumerable<string> Measured(BenchResults results, IReadOnlyList<Workload> workloads) => results.Peers
        .Select(peer => peer.Name)
        .Where(peer => workloads.Any(workload => results.Summarize(workload.Name, peer) is not null));
}
