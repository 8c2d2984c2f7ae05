using Waffle.WebSockets.Bench.Load.Generator.Native;

namespace Waffle.WebSockets.Bench.Load.Generator.Measuring;

/// <summary>What is counted between two moments: events, the server's and the generator's processor time, latencies.</summary>
internal sealed class Measurement(int serverProcess)
{
    private readonly Histogram _latencies = new();
    private long _count;
    private long _startTime;
    private double _startServer;
    private double _startOwn;
    private bool _isUnderWay;

    /// <summary>The result; null before <see cref="End"/>.</summary>
    public MeasuredInterval? Interval { get; private set; }

    public void Begin()
    {
        _latencies.Clear();
        (_count, _isUnderWay) = (0, true);
        (_startServer, _startOwn, _startTime) = (ProcessorTime.ReadSeconds(serverProcess), ProcessorTime.ReadOwnSeconds(), Clock.Now);
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
        Interval = new MeasuredInterval
        {
            Count = _count,
            Seconds = Clock.ToSeconds(Clock.Now - _startTime),
            ServerSeconds = ProcessorTime.ReadSeconds(serverProcess) - _startServer,
            GeneratorSeconds = ProcessorTime.ReadOwnSeconds() - _startOwn,
            P50Microseconds = _latencies.QuantileMicroseconds(0.5),
            P99Microseconds = _latencies.QuantileMicroseconds(0.99),
        };
    }
}
