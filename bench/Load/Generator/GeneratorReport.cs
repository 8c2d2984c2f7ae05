using Waffle.WebSockets.Bench.Load.Generator.Measuring;

namespace Waffle.WebSockets.Bench.Load.Generator;

/// <summary>What came of a run: figures, or the reason why there are none.</summary>
internal sealed record GeneratorReport
{
    /// <summary>What the server did wrong; null if nothing.</summary>
    public string? Failure { get; init; }

    /// <summary>How many connections there were.</summary>
    public int Connections { get; init; }

    public MeasuredInterval? Interval { get; init; }

    /// <summary>Where memory is what is measured.</summary>
    public IReadOnlyList<MemoryPoint> Memory { get; init; } = [];

    /// <summary>How many of the connections that read nothing the server ended.</summary>
    public int StalledEnded { get; init; }
}
