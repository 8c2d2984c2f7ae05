namespace Waffle.WebSockets.Connections.Timing;

/// <summary>How many ticks of the wheel a call of its timer stands for.</summary>
/// <remarks>
/// On the system's clock the time that passed decides, on its monotonic reading; but a call that comes more than <see cref="MostSteps"/> late counts
/// as one. On any other clock, such as a test's, each call is one tick: there lateness does not exist.
/// </remarks>
internal sealed class TickCounter(TimeProvider time)
{
    public const int MostSteps = 4;

    private long _last;
    private TimeSpan _rest;

    public void Restart()
    {
        _last = time.GetTimestamp();
        _rest = TimeSpan.Zero;
    }

    public int Take()
    {
        if (time != TimeProvider.System)
        {
            return 1;
        }

        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_last, now);
        _last = now;
        return Count(elapsed);
    }

    /// <summary>The ticks in <paramref name="elapsed"/>; what is less than a tick is kept for the next call.</summary>
    public int Count(TimeSpan elapsed)
    {
        var total = elapsed + _rest;
        var steps = total.Ticks / TimerWheel.Resolution.Ticks;
        if (steps > MostSteps)
        {
            _rest = TimeSpan.Zero;
            return 1;
        }

        _rest = TimeSpan.FromTicks(total.Ticks % TimerWheel.Resolution.Ticks);
        return (int)steps;
    }
}
