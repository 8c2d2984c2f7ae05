using System.Globalization;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>The growth group: a row for each number of connections, a column for each server.</summary>
internal sealed class GrowthTables(BenchResults results, IReadOnlyList<Workload> workloads)
{
    private readonly Footnotes _notes = new();

    public string Write()
    {
        var fanOuts = workloads.Where(workload => workload.Kind == LoadKind.FanOut).ToArray();
        var memories = workloads.Where(workload => workload.Kind == LoadKind.Memory).ToArray();
        var tables = new List<string>();
        if (fanOuts.Length > 0)
        {
            tables.Add(Cost(fanOuts));
        }

        tables.AddRange(memories.Select(Memory));
        tables.Add($"{_notes}");
        return string.Join('\n', tables.Where(table => table.Length > 0));
    }

    private string Cost(IReadOnlyList<Workload> fanOuts)
    {
        var peers = PeersOf(fanOuts);
        var table = new MarkdownTable(["µs for each delivery", .. peers]);
        foreach (var workload in fanOuts)
        {
            table.Add([workload.Title, .. peers.Select(peer => GroupTables.CostCell(results.Summarize(workload.Name, peer), _notes))]);
        }

        return $"{table}";
    }

    private string Memory(Workload workload)
    {
        var peers = PeersOf([workload]);
        var table = new MarkdownTable(["KiB for each idle connection", .. peers]);
        foreach (var step in workload.Steps)
        {
            var title = string.Create(CultureInfo.InvariantCulture, $"n={step:N0}");
            table.Add([title, .. peers.Select(peer => MemoryCell(results.Summarize(workload.Name, peer), step))]);
        }

        return $"{table}";
    }

    private string MemoryCell(Summary? summary, int connections)
    {
        if (summary?.Failure is { } failure)
        {
            return $"failed {_notes.Mark(failure)}";
        }

        var point = summary?.Memory.FirstOrDefault(point => point.Connections == connections);
        return point is null ? "" : Figures.FormatKibibytes(point.BytesEach);
    }

    private string[] PeersOf(IReadOnlyList<Workload> measured) =>
    [
        .. results.Peers.Select(peer => peer.Name)
            .Where(peer => measured.Any(workload => results.Summarize(workload.Name, peer) is not null)),
    ];
}
