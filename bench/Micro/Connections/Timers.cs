using BenchmarkDotNet.Attributes;
using Waffle.WebSockets.Connections.Timing;

namespace Waffle.WebSockets.Bench.Micro.Connections;

/// <summary>The timer wheel among many timers, each of which elapses every 30 s as a heartbeat does.</summary>
public class Timers
{
    private static readonly long _period = TimerWheel.ToTicks(TimeSpan.FromSeconds(30));

    private readonly SteppedClock _clock = new();
    private TimerWheel? _wheel;
    private Heartbeat? _one;

    [Params(1, 1000, 100_000)]
    public int Scheduled { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _wheel = TimerWheel.For(_clock);
        _one = new Heartbeat(_wheel);
        for (var i = 0; i < Scheduled; i++)
        {
            _wheel.Schedule(new Heartbeat(_wheel), 1 + (i % _period));
        }

        for (var i = 0; i < 2 * _period; i++)
        {
            _clock.Step();
        }
    }

    [Benchmark]
    public void ScheduleAndCancel()
    {
        _wheel!.Schedule(_one!, _wheel.Now + 200);
        _wheel.Cancel(_one!);
    }

    [Benchmark]
    public void Postpone() => _wheel!.Schedule(_one!, _wheel.Now + 200);

    /// <summary>One tick of 50 ms: a 600th of the timers elapses, and is scheduled anew.</summary>
    [Benchmark]
    public void Advance() => _clock.Step();

    private sealed class Heartbeat(TimerWheel wheel) : WheelTimer
    {
        public override void OnElapsed() => wheel.Schedule(this, wheel.Now + _period);
    }
}
