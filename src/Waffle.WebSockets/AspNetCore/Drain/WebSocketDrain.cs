using Waffle.WebSockets.AspNetCore;

namespace Waffle.WebSockets;

/// <summary>Closes all connections of an application in good order, and refuses new ones.</summary>
/// <remarks>
/// <para>
/// It begins by itself when the application stops, or before that by <see cref="DrainAsync"/>, as from a deployment's hook; there is no way back. From then on
/// opening handshakes are refused with 503 and <c>Retry-After</c>. Clients are closed in batches, as <see cref="WebSocketDrainOptions"/> says: each when the messages
/// that it has sent are handled and what it is to get has been written. What is left in the end is cut.
/// </para>
/// <para>
/// All connections of the application are meant, of hubs and of <c>MapWebSocket</c>; not those that <see cref="WebSocketConnection.Create"/> made. A singleton of
/// <c>AddWebSocketHub</c> and <c>AddWebSocketDrain</c>. Safe to use from any thread.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// app.MapPost("/admin/drain", (WebSocketDrain drain) => drain.DrainAsync()).RequireAuthorization("operator");
/// </code>
/// </example>
public sealed class WebSocketDrain
{
    private readonly DrainRun _run;
    private readonly Lock _startLock = new();
    private Task<DrainReport>? _running;
    private volatile bool _isDraining;

    internal WebSocketDrain(DrainRun run) => _run = run;

    /// <summary>Whether it has begun.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>What became of the connections; <see langword="null"/> until all have ended.</summary>
    public DrainReport? Report => Volatile.Read(ref _running) is { IsCompletedSuccessfully: true } running ? running.Result : null;

    /// <summary>Begins, if that has not happened, and returns when all connections have ended, within <see cref="WebSocketDrainOptions.Timeout"/> and a second.</summary>
    /// <param name="cancellationToken">Ends the wait; the drain goes on.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<DrainReport> DrainAsync(CancellationToken cancellationToken = default) => Begin().WaitAsync(cancellationToken);

    /// <summary>Begins, if that has not happened.</summary>
    internal Task<DrainReport> Begin()
    {
        lock (_startLock)
        {
            if (_running is null)
            {
                // Before it looks for connections: one that is accepted now is found by it, or finds it.
                _isDraining = true;
                Volatile.Write(ref _running, _run.RunAsync());
            }

            return _running;
        }
    }

    /// <summary>How to refuse who comes now: the seconds within which to come back.</summary>
    internal int RetryWithin => _run.RetryWithin;

    /// <summary>How long messages that have come may be handled before a Close that waits for that goes out.</summary>
    internal TimeSpan HandlerTimeout => _run.HandlerTimeout;

    /// <summary>The host waits no longer: cuts what is left, and leaves behind what has not ended then.</summary>
    internal void GiveUp() => _run.GiveUp();

    /// <summary>A connection was accepted: closes it if that was too late.</summary>
    internal void OnAccepted(WebSocketConnection connection)
    {
        if (IsDraining)
        {
            _run.Close(connection);
        }
    }
}
