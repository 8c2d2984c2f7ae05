using Waffle.WebSockets.Connections.Timing;

namespace Waffle.WebSockets.Routing;

/// <summary>Tells when one client's handler runs for a long time: once for each such handler. One place on the timer wheel per client.</summary>
internal sealed class SlowHandlerWatch : WheelTimer, IDisposable
{
    private const long Idle = -1;

    private static readonly long _limit = TimerWheel.ToTicks(TimeSpan.FromSeconds(30));

    private readonly TimerWheel _wheel;
    private readonly Action<int> _isSlow;
    private long _startedAt = Idle;
    private volatile bool _isOver;

    public SlowHandlerWatch(TimeProvider time, Action<int> isSlow)
    {
        _wheel = TimerWheel.For(time);
        _isSlow = isSlow;
        _wheel.Schedule(this, _wheel.Now + _limit);
    }

    public void Begin() => Volatile.Write(ref _startedAt, _wheel.Now);

    public void End() => Volatile.Write(ref _startedAt, Idle);

    public override void OnElapsed()
    {
        if (_isOver)
        {
            return;
        }

        var startedAt = Volatile.Read(ref _startedAt);
        var next = _limit;
        if (startedAt != Idle)
        {
            next = startedAt + _limit - _wheel.Now;
            if (next <= 0)
            {
                // Told once: the same start is not looked at again.
                Interlocked.CompareExchange(ref _startedAt, Idle, startedAt);
                _isSlow((int)((_wheel.Now - startedAt) * TimerWheel.Resolution.TotalSeconds));
                next = _limit;
            }
        }

        _wheel.Schedule(this, _wheel.Now + next);
    }

    public void Dispose()
    {
        _isOver = true;
        _wheel.Cancel(this);
    }
}
