using Waffle.WebSockets.Bench.Load.Processes;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>All that was measured, and where.</summary>
internal sealed class BenchResults
{
    public required DateTimeOffset Started { get; init; }

    /// <summary>What was typed.</summary>
    public required string Command { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>Whether the server and the generator had a core each.</summary>
    public required bool Pinned { get; init; }

    public required bool Spin { get; init; }

    public required int Rounds { get; init; }

    public required double Seconds { get; init; }

    public required IReadOnlyList<Workload> Workloads { get; init; }

    public List<PeerResult> Peers { get; } = [];

    public List<RunResult> Runs { get; } = [];

    /// <summary>What servers cannot take part in.</summary>
    public List<DeclinedWorkload> Declined { get; } = [];

    /// <summary>What came of all runs of a server at a workload; null if there was none.</summary>
    public Summary? Summarize(string workload, string peer)
    {
        if (Declined.Find(declined => declined.Workload == workload && declined.Peer == peer) is { } declined)
        {
            return new Summary { Declined = declined.Reason };
        }

        var runs = Runs.Where(run => run.Workload == workload && run.Peer == peer).ToArray();
        return runs.Length == 0 ? null : Summary.Create(runs, [.. Runs.Where(run => run.Workload == workload && run.Peer == FloorName)]);
    }

    private static string FloorName => Load.Peers.PeerList.Floor.Name;
}
