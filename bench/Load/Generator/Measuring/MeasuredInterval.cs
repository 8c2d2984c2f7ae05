namespace Waffle.WebSockets.Bench.Load.Generator.Measuring;

/// <summary>What happened in an interval.</summary>
internal sealed record MeasuredInterval
{
    /// <summary>Deliveries, messages or handshakes.</summary>
    public required long Count { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The server's processor time.</summary>
    public required double ServerSeconds { get; init; }

    /// <summary>The generator's: near <see cref="Seconds"/>, it is what limits the rate.</summary>
    public required double GeneratorSeconds { get; init; }

    public required double P50Microseconds { get; init; }

    public required double P99Microseconds { get; init; }

    /// <summary>The figure that servers are compared by.</summary>
    public double ServerMicrosecondsEach => ServerSeconds * 1e6 / Count;

    public double CountPerSecond => Count / Seconds;
}
