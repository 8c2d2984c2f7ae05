using System.Runtime.CompilerServices;

namespace Waffle.WebSockets.Connections.Timing;

/// <summary>One timer for the deadlines of all connections on a clock: setting and clearing a deadline costs a list operation.</summary>
/// <remarks>
/// Time is counted in ticks of <see cref="Resolution"/>, not read from a clock: a tick that comes late (a starved thread pool, a stopped process)
/// puts off all deadlines by its delay, so that no healthy peer is declared dead for a fault of ours. Runs only while something is scheduled.
/// </remarks>
internal sealed class TimerWheel
{
    public static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(50);

    private const int SlotCount = 512;

    private static readonly ConditionalWeakTable<TimeProvider, TimerWheel> _wheels = [];

    private readonly Lock _slotsLock = new();
    private readonly WheelTimer?[] _slots = new WheelTimer?[SlotCount];
    private readonly List<WheelTimer> _due = [];
    private readonly TickCounter _ticks;
    private readonly TimeProvider _time;
    private ITimer? _timer;
    private long _now;
    private int _count;
    private bool _isTicking;

    private TimerWheel(TimeProvider time)
    {
        _time = time;
        _ticks = new TickCounter(time);
    }

    /// <summary>The time now, in ticks since the wheel began.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>How many timers are scheduled.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The wheel that all connections on this clock share.</summary>
    public static TimerWheel For(TimeProvider time) => _wheels.GetValue(time, static clock => new TimerWheel(clock));

    /// <summary>How many ticks a time is, at least one.</summary>
    public static long ToTicks(TimeSpan time) => Math.Max(1, (time.Ticks + Resolution.Ticks - 1) / Resolution.Ticks);

    /// <summary>Has <paramref name="timer"/> elapse at tick <paramref name="due"/>, and no longer at an earlier agreed one.</summary>
    public void Schedule(WheelTimer timer, long due)
    {
        lock (_slotsLock)
        {
            // First, for it may throw: what was not scheduled must not elapse.
            _timer ??= StartTimer();
            Unlink(timer);
            timer.Due = Math.Max(due, _now + 1);
            Link(timer);
        }
    }

    /// <summary>Takes <paramref name="timer"/> off the wheel. It may be elapsing at this moment.</summary>
    public void Cancel(WheelTimer timer)
    {
        lock (_slotsLock)
        {
            Unlink(timer);
        }
    }

    private ITimer StartTimer()
    {
        _ticks.Restart();

        // The wheel outlives every request; it must not keep one's ExecutionContext.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return _time.CreateTimer(static wheel => ((TimerWheel)wheel!).Tick(), this, Resolution, Resolution);
    }

    private void Tick()
    {
        lock (_slotsLock)
        {
            if (_isTicking || _timer is null)
            {
                return;
            }

            _isTicking = true;
            CollectDue();
        }

        foreach (var timer in _due)
        {
            try
            {
                timer.OnElapsed();
            }
            catch (Exception)
            {
                // One connection's fault, such as a log that throws, must not stop the time of all others.
            }
        }

        _due.Clear();
        lock (_slotsLock)
        {
            _isTicking = false;

            // Only now: what has elapsed is often scheduled anew at once.
            if (_count == 0)
            {
                _timer.Dispose();
                _timer = null;
            }
        }
    }

    private void CollectDue()
    {
        try
        {
            for (var steps = _ticks.Take(); steps > 0; steps--)
            {
                CollectDue(++_now);
            }
        }
        catch (OutOfMemoryException)
        {
            // Those that are left elapse when the wheel has gone round.
        }
    }

    private void CollectDue(long now)
    {
        var timer = _slots[now % SlotCount];
        while (timer is not null)
        {
            var next = timer.Next;
            if (timer.Due <= now)
            {
                _due.Add(timer);
                Unlink(timer);
            }

            timer = next;
        }
    }

    private void Link(WheelTimer timer)
    {
        ref var slot = ref _slots[timer.Due % SlotCount];
        timer.Next = slot;
        timer.Previous = null;
        if (slot is not null)
        {
            slot.Previous = timer;
        }

        slot = timer;
        timer.IsLinked = true;
        _count++;
    }

    private void Unlink(WheelTimer timer)
    {
        if (!timer.IsLinked)
        {
            return;
        }

        if (timer.Previous is null)
        {
            _slots[timer.Due % SlotCount] = timer.Next;
        }
        else
        {
            timer.Previous.Next = timer.Next;
        }

        if (timer.Next is not null)
        {
            timer.Next.Previous = timer.Previous;
        }

        timer.Next = timer.Previous = null;
        timer.IsLinked = false;
        _count--;
    }
}
