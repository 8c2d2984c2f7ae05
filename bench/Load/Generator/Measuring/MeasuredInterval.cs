namespace Waffle.WebSockets.Bench.Load.Generator.Measuring;

/// <summary>What happened in an interval.</summary>
internal sealed record MeasuredInterval
{
    /// <summary>Deliveries, messages or handshakes.</summary>
    public required long Count { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The server's processor time, or that of two together.</summary>
    public required double ServerSeconds { get; init; }

    /// <summary>Of that, the second server's, where there are two.</summary>
    public double? SecondServerSeconds { get; init; }

    /// <summary>The engine's between two servers.</summary>
    public double? EngineSeconds { get; init; }

    /// <summary>The generator's: near <see cref="Seconds"/>, it is what limits the rate.</summary>
    public required double GeneratorSeconds { get; init; }

    public required double P50Microseconds { get; init; }

    public required double P99Microseconds { get; init; }

    /// <summary>The figure that servers are compared by.</summary>
    public double ServerMicrosecondsEach => ServerSeconds * 1e6 / Count;

    public double? SecondServerMicrosecondsEach => SecondServerSeconds * 1e6 / Count;

    public double? EngineMicrosecondsEach => EngineSeconds * 1e6 / Count;

    public double CountPerSecond => Count / Seconds;
}
