using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>The opening handshakes that are under way in one application, at all its endpoints together.</summary>
internal sealed class HandshakesUnderWay(LimitHits hits)
{
    private static readonly ConditionalWeakTable<object, HandshakesUnderWay> _ofApplications = [];

    // For a request without services.
    private static readonly HandshakesUnderWay _ofNoApplication = new(LimitHits.Unlogged);

    private int _count;

    public LimitHits Hits => hits;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Those of the application that serves a request.</summary>
    public static HandshakesUnderWay For(IServiceProvider? services) => services?.GetApplication() is { } application
        ? _ofApplications.GetValue(application, _ => new HandshakesUnderWay(LimitHits.For(services)!))
        : _ofNoApplication;

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
            return new Handshake(http, this, TimerWheel.For(UpgradeHandler.GetTimeProvider(http)), settings.HandshakeTimeout);
        }
        catch
        {
            End();
            throw;
        }
    }

    public void End() => Interlocked.Decrement(ref _count);
}
