using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load.Generator;

/// <summary>One run: against which server, what, and for how long.</summary>
internal sealed record GeneratorPlan
{
    /// <summary>The name of a <see cref="Peers.Peer"/>.</summary>
    public required string Peer { get; init; }

    /// <summary>The server, or two that are one.</summary>
    public required IReadOnlyList<ServerPlace> Servers { get; init; }

    /// <summary>The process of the engine between two servers.</summary>
    public int? EngineProcess { get; init; }

    public required Workload Workload { get; init; }

    /// <summary>How long the load runs before anything is counted.</summary>
    public required double WarmUpSeconds { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Whether the generator polls and never sleeps, so that no send of the server has to wake it.</summary>
    public bool Spin { get; init; }
}
