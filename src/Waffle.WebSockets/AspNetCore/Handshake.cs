using Microsoft.AspNetCore.Http;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>One opening handshake, counted and timed until it is accepted, refused or given up. When its time is over its request is cut.</summary>
internal sealed class Handshake : WheelTimer, IDisposable
{
    private readonly RequestCut _request;
    private readonly HandshakesUnderWay _underWay;
    private readonly TimerWheel _wheel;
    private readonly TimeSpan _timeout;
    private bool _isOver;

    public Handshake(HttpContext http, HandshakesUnderWay underWay, TimerWheel wheel, TimeSpan timeout)
    {
        _request = new RequestCut(http);
        _underWay = underWay;
        _wheel = wheel;
        _timeout = timeout;
        if (timeout > TimeSpan.Zero)
        {
            wheel.Schedule(this, wheel.Now + TimerWheel.ToTicks(timeout));
        }
    }

    public LimitHits Hits => _underWay.Hits;

    public bool IsOver => Volatile.Read(ref _isOver);

    /// <summary>The end, whichever came first.</summary>
    public void Dispose() => TryEnd();

    public override void OnElapsed()
    {
        if (TryEnd())
        {
            _request.Abort();
            Hits.Add(Limits.HandshakeTimeout, _timeout);
        }
    }

    /// <summary>Ends it; <see langword="false"/> if it has ended already.</summary>
    public bool TryEnd()
    {
        if (Interlocked.Exchange(ref _isOver, true))
        {
            return false;
        }

        _wheel.Cancel(this);
        _underWay.End();
        return true;
    }
}
