using System.Runtime.CompilerServices;

namespace Waffle.WebSockets.Connections.Timing;

/// <summary>What a connection waits for with a time limit.</summary>
internal enum Deadline
{
    /// <summary>The next heartbeat's ping is to be sent.</summary>
    Ping,

    /// <summary>A ping is to be answered.</summary>
    Pong,

    /// <summary>A whole message is to arrive.</summary>
    Read,

    /// <summary>A message that has begun is to end.</summary>
    Message,

    /// <summary>The application is to read.</summary>
    Unread,

    /// <summary>The peer is to say who it is.</summary>
    SignIn,

    /// <summary>What has come is to be handled before a Close that waits for it.</summary>
    PendingClose,

    /// <summary>The connection is to be closed for its age.</summary>
    Age,

    /// <summary>A write is to make progress.</summary>
    Write,

    /// <summary>The closing handshake is to end.</summary>
    Close,

    /// <summary>After the end: the application is to have handled what came before.</summary>
    Handled,

    /// <summary>After a failure: nothing has come from the peer for a while.</summary>
    Quiet,
}

/// <summary>Whom deadlines concern.</summary>
internal interface IDeadlineOwner
{
    /// <summary>A deadline has passed; it is cleared.</summary>
    void OnDeadline(Deadline deadline);
}

/// <summary>All deadlines of one connection on one place of the timer wheel. Safe to call from any thread.</summary>
internal sealed class Deadlines(TimerWheel wheel, IDeadlineOwner owner) : WheelTimer
{
    private const int Count = (int)Deadline.Quiet + 1;
    private const long None = long.MaxValue;

    private readonly Lock _timesLock = new();
    private Times _times = Times.AllNone();
    private long _scheduled = None;
    private bool _isStopped;

    /// <summary>Sets a deadline, or moves it; a time of zero clears it.</summary>
    public void Set(Deadline deadline, TimeSpan time)
    {
        if (time == TimeSpan.Zero)
        {
            Clear(deadline);
            return;
        }

        lock (_timesLock)
        {
            if (_isStopped)
            {
                return;
            }

            var due = wheel.Now + TimerWheel.ToTicks(time);
            _times[(int)deadline] = due;
            if (due < _scheduled)
            {
                _scheduled = due;
                wheel.Schedule(this, due);
            }
        }
    }

    public void Clear(Deadline deadline)
    {
        lock (_timesLock)
        {
            _times[(int)deadline] = None;
        }
    }

    /// <summary>Clears all deadlines but those in <paramref name="kept"/>.</summary>
    public void ClearAllBut(params ReadOnlySpan<Deadline> kept)
    {
        lock (_timesLock)
        {
            for (var i = 0; i < Count; i++)
            {
                _times[i] = kept.Contains((Deadline)i) ? _times[i] : None;
            }
        }
    }

    /// <summary>Clears all for good and leaves the wheel.</summary>
    public void Stop()
    {
        lock (_timesLock)
        {
            _isStopped = true;
            _times = Times.AllNone();
            wheel.Cancel(this);
        }
    }

    public override void OnElapsed()
    {
        var passed = 0;
        lock (_timesLock)
        {
            var now = wheel.Now;
            var next = None;
            for (var i = 0; i < Count; i++)
            {
                if (_times[i] <= now)
                {
                    _times[i] = None;
                    passed |= 1 << i;
                }

                next = Math.Min(next, _times[i]);
            }

            _scheduled = next;
            if (next != None)
            {
                wheel.Schedule(this, next);
            }
        }

        for (var i = 0; i < Count; i++)
        {
            if ((passed & (1 << i)) != 0)
            {
                owner.OnDeadline((Deadline)i);
            }
        }
    }

    [InlineArray(Count)]
    private struct Times
    {
        private long _first;

        public static Times AllNone()
        {
            Times times = default;
            ((Span<long>)times).Fill(None);
            return times;
        }
    }
}
