using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load.Generator;

/// <summary>One run: against which server, what, and for how long.</summary>
internal sealed record GeneratorPlan
{
    /// <summary>The name of a <see cref="Peers.Peer"/>.</summary>
    public required string Peer { get; init; }

    public required int Port { get; init; }

    /// <summary>The server's process.</summary>
    public required int ServerProcess { get; init; }

    public required Workload Workload { get; init; }

    /// <summary>How long the load runs before anything is counted.</summary>
    public required double WarmUpSeconds { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Whether the generator polls and never sleeps, so that no send of the server has to wake it.</summary>
    public bool Spin { get; init; }
}
