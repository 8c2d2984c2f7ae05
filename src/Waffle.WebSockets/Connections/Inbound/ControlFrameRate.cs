namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>How many control frames a peer may send: a bucket of <see cref="Burst"/> that fills by <see cref="PerSecond"/>.</summary>
/// <remarks>By the clock itself: the timer wheel stands still while nothing is scheduled on it, and a peer may ping for days on such a connection.</remarks>
internal struct ControlFrameRate(TimeProvider time)
{
    public const int PerSecond = 100;
    public const int Burst = 1_000;

    private double _taken;
    private long _last = time.GetTimestamp();

    /// <summary>Counts one frame; <see langword="false"/> if it is one too many.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        _taken = Math.Max(0, _taken - (time.GetElapsedTime(_last, now).TotalSeconds * PerSecond));
        _last = now;
        if (_taken >= Burst)
        {
            return false;
        }

        _taken++;
        return true;
    }
}
