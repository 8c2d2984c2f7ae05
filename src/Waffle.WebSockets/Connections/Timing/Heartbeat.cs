using Waffle.WebSockets.Connections.Inbound;

namespace Waffle.WebSockets.Connections.Timing;

/// <summary>When to ping, and whether the peer still lives: its time runs from the oldest unanswered ping and starts anew with each sign of life: bytes that come, and a write
/// that stood still and goes on.</summary>
/// <remarks>While nothing is read, because the application does not, silence is our doing and no verdict falls.</remarks>
internal sealed class Heartbeat(WebSocketConnectionOptions options, PendingPings pings, Deadlines deadlines, TimerWheel wheel)
{
    private long _lastLife = wheel.Now;
    private volatile bool _isPaused;
    private bool _isPongAwaited;

    /// <summary>How long a ping may stay unanswered.</summary>
    public TimeSpan PongTimeout { get; } = options.PongTimeout > TimeSpan.Zero ? options.PongTimeout : options.PingInterval;

    public void Start() => deadlines.Set(Deadline.Ping, options.PingInterval);

    public void OnLife() => Volatile.Write(ref _lastLife, wheel.Now);

    public void Pause() => _isPaused = true;

    public void Resume()
    {
        OnLife();
        _isPaused = false;
    }

    /// <summary>The interval is over: notes a ping, writes its payload and arms the next.</summary>
    public void BeginPing(Span<byte> payload)
    {
        pings.AddHeartbeat(payload, wheel.Now);
        deadlines.Set(Deadline.Ping, options.PingInterval);
        if (!_isPongAwaited)
        {
            _isPongAwaited = true;
            deadlines.Set(Deadline.Pong, PongTimeout);
        }
    }

    /// <summary>A pong's time may be over: whether the peer is gone. If not, sees to it that the question is asked again in time.</summary>
    public bool IsPeerGone()
    {
        if (pings.OldestHeartbeat is not { } oldest)
        {
            _isPongAwaited = false;
            return false;
        }

        if (_isPaused)
        {
            deadlines.Set(Deadline.Pong, PongTimeout);
            return false;
        }

        var remaining = Math.Max(oldest, Volatile.Read(ref _lastLife)) + TimerWheel.ToTicks(PongTimeout) - wheel.Now;
        if (remaining <= 0)
        {
            return true;
        }

        deadlines.Set(Deadline.Pong, remaining * TimerWheel.Resolution);
        return false;
    }
}
