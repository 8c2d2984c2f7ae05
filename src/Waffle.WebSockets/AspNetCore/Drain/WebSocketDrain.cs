using Waffle.WebSockets.AspNetCore;

namespace Waffle.WebSockets;

/// <summary>Closes all connections of an application in good order, and refuses new ones.</summary>
/// <remarks>
/// <para>
/// It begins by itself when the application stops, or before that by <see cref="DrainAsync"/>, as from a deployment's hook; there is no way back. From then on, or
/// after <see cref="WebSocketDrainOptions.ReadinessDelay"/>, opening handshakes are refused with 503 and <c>Retry-After</c>. Clients are closed in batches: each when the
/// messages that it has sent are handled and what it is to get has been written. What is left in the end is cut. Where the application stops, handlers and callbacks that
/// go on even so are left behind: their requests end without them, and <c>connection.GetHttpContext()</c> is <see langword="null"/> for them.
/// </para>
/// <para>
/// All connections of the application are meant, of hubs and of <c>MapWebSocket</c>; not those that <see cref="WebSocketConnection.Create"/> made. A singleton of
/// <c>AddWebSocketHub</c> and <c>AddWebSocketDrain</c>; without either the stop closes connections all the same, but the server may refuse connections before that. Safe to use from any thread.
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
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly Lock _startLock = new();
    private Task<WebSocketDrainReport>? _running;
    private ITimer? _hostTimer;

    /// <param name="run">What it does.</param>
    /// <param name="patience">How long the host waits for its stop.</param>
    /// <param name="time">The clock.</param>
    internal WebSocketDrain(DrainRun run, TimeSpan patience, TimeProvider time)
    {
        _run = run;
        _patience = patience;
        _time = time;
    }

    /// <summary>Whether it has begun: no new clients should be sent to this server.</summary>
    public bool IsDraining => Volatile.Read(ref _running) is not null;

    /// <summary>What became of the connections; <see langword="null"/> until all have ended.</summary>
    public WebSocketDrainReport? Report => Volatile.Read(ref _running) is { IsCompletedSuccessfully: true } running ? running.Result : null;

    /// <summary>
    /// Begins, if that has not happened, and returns when all connections have ended, within <see cref="WebSocketDrainOptions.Timeout"/> and a second. While a message's handler
    /// waits for it, its own connection can't be closed in good order.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the drain goes on.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<WebSocketDrainReport> DrainAsync(CancellationToken cancellationToken = default) => Begin().WaitAsync(cancellationToken);

    /// <summary>Whether new connections are refused.</summary>
    internal bool RefusesConnections => _run.IsClosing;

    internal WebSocketDrainOptions Options => _run.Options;

    /// <summary>The host stops: begins, if that has not happened, and sees to it that it ends before the host loses patience.</summary>
    internal async Task StopAsync()
    {
        lock (_startLock)
        {
            _hostTimer ??= _time.CreateTimer(
                static run => ((DrainRun)run!).CutNow(), _run, DrainTimes.UntilCut(_patience), Timeout.InfiniteTimeSpan);
        }

        await Begin();
        await _hostTimer.DisposeAsync();
        _run.LeaveRestBehind();
    }

    /// <summary>The host waits no longer.</summary>
    internal void GiveUp() => _run.GiveUp();

    /// <summary>A connection was accepted, or its handler has ended: closes it as the drain does, if that goes on.</summary>
    internal void CloseIfDraining(WebSocketConnection connection)
    {
        if (_run.IsClosing)
        {
            _run.Close(connection);
        }
    }

    private Task<WebSocketDrainReport> Begin()
    {
        lock (_startLock)
        {
            if (_running is null)
            {
                // It outlives the request that may have begun it, and must not keep its ExecutionContext.
                using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
                Volatile.Write(ref _running, _run.RunAsync());
            }

            return _running;
        }
    }
}
