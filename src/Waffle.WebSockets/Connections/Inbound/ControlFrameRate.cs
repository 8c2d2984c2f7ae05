using Waffle.WebSockets.Connections.Timing;

namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>How many control frames a peer may send: a bucket of <see cref="Burst"/> that fills by <see cref="PerSecond"/>.</summary>
internal struct ControlFrameRate
{
    public const int PerSecond = 100;
    public const int Burst = 1_000;

    private double _taken;
    private long _lastTick;

    /// <summary>Counts one frame; <see langword="false"/> if it is one too many.</summary>
    public bool TryTake(long nowInTicks)
    {
        var refilled = (nowInTicks - _lastTick) * TimerWheel.Resolution.TotalSeconds * PerSecond;
        _lastTick = nowInTicks;
        _taken = Math.Max(0, _taken - refilled);
        if (_taken >= Burst)
        {
            return false;
        }

        _taken++;
        return true;
    }
}
