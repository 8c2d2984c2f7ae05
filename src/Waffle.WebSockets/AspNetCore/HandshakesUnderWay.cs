using Microsoft.AspNetCore.Http;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>The opening handshakes that are under way in one application, at all its endpoints together.</summary>
internal sealed class HandshakesUnderWay(LimitHits hits, TimerWheel wheel)
{
    private int _count;

    public LimitHits Hits => hits;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Begins one, to be disposed of at its end; <see langword="null"/> if there are as many as the endpoint allows.</summary>
    public Handshake? TryBegin(HttpContext http, EndpointSettings settings)
    {
        var most = settings.MaxConcurrentHandshakes;
        if (Interlocked.Increment(ref _count) > most && most > 0)
        {
            End();
            hits.Add(Limits.MaxConcurrentHandshakes, most);
            return null;
        }

        try
        {
            return new Handshake(http, this, wheel, settings.HandshakeTimeout);
        }
        catch
        {
            End();
            throw;
        }
    }

    public void End() => Interlocked.Decrement(ref _count);
}
