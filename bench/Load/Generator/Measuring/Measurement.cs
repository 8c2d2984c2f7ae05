using Waffle.WebSockets.Bench.Load.Generator.Native;

namespace Waffle.WebSockets.Bench.Load.Generator.Measuring;

/// <summary>What is counted between two moments: events, the server's and the generator's processor time and the engine's, latencies.</summary>
/// <param name="servers">The process of the server, or of each of two.</param>
/// <param name="engine">That of the engine between two.</param>
internal sealed class Measurement(IReadOnlyList<int> servers, int? engine)
{
    private readonly Histogram _latencies = new();
    private long _count;
    private long _startTime;
    private double[] _startServers = [];
    private double? _startEngine;
    private double _startOwn;
    private bool _isUnderWay;

    /// <summary>The result; null before <see cref="End"/>.</summary>
    public MeasuredInterval? Interval { get; private set; }

    public void Begin()
    {
        _latencies.Clear();
        (_count, _isUnderWay) = (0, true);
        (_startServers, _startEngine, _startOwn, _startTime) = (ReadServers(), ReadEngine(), ProcessorTime.ReadOwnSeconds(), Clock.Now);
    }

    /// <summary>Counts one event, if the measurement is under way.</summary>
    public void Add(long latency)
    {
        if (_isUnderWay)
        {
            _count++;
            _latencies.Add(latency);
        }
    }

    public void End()
    {
        _isUnderWay = false;
        double[] used = [.. ReadServers().Zip(_startServers, (end, start) => end - start)];
        Interval = new MeasuredInterval
        {
            Count = _count,
            Seconds = Clock.ToSeconds(Clock.Now - _startTime),
            ServerSeconds = used.Sum(),
            SecondServerSeconds = used.Length > 1 ? used[1] : null,
            EngineSeconds = ReadEngine() - _startEngine,
            GeneratorSeconds = ProcessorTime.ReadOwnSeconds() - _startOwn,
            P50Microseconds = _latencies.QuantileMicroseconds(0.5),
            P99Microseconds = _latencies.QuantileMicroseconds(0.99),
        };
    }

    private double[] ReadServers() => [.. servers.Select(ProcessorTime.ReadSeconds)];

    private double? ReadEngine() => engine is { } process ? ProcessorTime.ReadSeconds(process) : null;
}
