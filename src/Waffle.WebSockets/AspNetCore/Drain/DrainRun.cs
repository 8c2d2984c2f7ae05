using Microsoft.Extensions.Logging;
using Waffle.WebSockets.Connections;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>One drain: closes in batches, waits, cuts what is left, and tells what does not end even so.</summary>
/// <param name="connections">The application's connections.</param>
/// <param name="options">How to close them.</param>
/// <param name="lastMoment">What handlers and callbacks get to end after their connections were cut, in real time.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of it.</param>
#pragma warning disable CA1001 // The token sources have no timer and nothing to release.
internal sealed class DrainRun(
    ConnectionRegistry connections, WebSocketDrainOptions options, TimeSpan lastMoment, TimeProvider time, ILogger logger)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _cut = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly DrainedConnections _drained = new(options);
    private volatile bool _isClosing;
    private List<WebSocketConnection> _left = [];

    /// <summary>Whether it has come so far that new connections are refused.</summary>
    public bool IsClosing => _isClosing;

    public WebSocketDrainOptions Options => options;

    /// <summary>Does it all. Never throws.</summary>
    public async Task<WebSocketDrainReport> RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var began = time.GetTimestamp();
        if (connections.Count > 0)
        {
            TryLog(() => DrainLog.Began(logger, connections.Count));
        }

        using (time.CreateTimer(static run => ((DrainRun)run!).CutNow(), this, options.Timeout, Timeout.InfiniteTimeSpan))
        {
            await PauseAsync(options.ReadinessDelay);

            // Before it looks for connections: one that is accepted now is found by it, or finds it.
            _isClosing = true;
            await CloseAllAsync();
            await WhenOverAsync(_cut.Token);
        }

        foreach (var connection in connections.Snapshot())
        {
            _drained.Cut(connection);
        }

        _left = await WaitForLastMomentAsync();
        var report = _drained.CreateReport(_left.Count, time.GetElapsedTime(began));
        if (report.Connections > 0)
        {
            TryLog(() => DrainLog.Ended(logger, report.Closed, report.Cut, report.Finished, report.LeftBehind, report.Elapsed.TotalSeconds));
        }

        return report;
    }

    /// <summary>The time is over: cuts what is left.</summary>
    public void CutNow() => _ = _cut.CancelAsync();

    /// <summary>The host waits no longer: as <see cref="CutNow"/>, and nothing is waited for after that.</summary>
    public void GiveUp()
    {
        _ = _giveUp.CancelAsync();
        CutNow();
    }

    /// <summary>Closes one connection, when what it has sent is handled.</summary>
    public void Close(WebSocketConnection connection) => _drained.Close(connection);

    /// <summary>
    /// After <see cref="RunAsync"/>: lets the requests end of those for which something is still at work, for the server waits for them. It waits for those, too, that were
    /// accepted only just now and are being closed.
    /// </summary>
    public void LeaveRestBehind()
    {
        var left = Interlocked.Exchange(ref _left, []).Where(static connection => connection.LeaveBehind()).ToList();
        if (left.Count > 0)
        {
            TryLog(() => DrainLog.LeftBehind(logger, left.Count, left[0].Id));
        }
    }

    private async Task CloseAllAsync()
    {
        var all = connections.Snapshot().ToArray();

        // By chance, so that those who came together do not come back together.
        Random.Shared.Shuffle(all);
        var left = (all.Length + options.BatchSize - 1) / options.BatchSize;
        var interval = DrainTimes.Pause(options, left);
        foreach (var batch in all.Chunk(options.BatchSize))
        {
            foreach (var connection in batch)
            {
                Close(connection);
            }

            if (--left > 0)
            {
                await PauseAsync(interval * (0.5 + Random.Shared.NextDouble()));
            }

            if (_cut.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, _cut.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Those that were accepted meanwhile, too.
    private async Task WhenOverAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && connections.Snapshot(withEnded: true) is { Count: > 0 } left)
        {
            await Task.WhenAll(left.SelectMany(static connection => new Task[] { connection.Completion, connection.Released })).WaitAsync(cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // In real time, as handlers and callbacks take it; a little of it also where the host has lost patience, for those who do end.
    private async Task<List<WebSocketConnection>> WaitForLastMomentAsync()
    {
        var moment = _giveUp.IsCancellationRequested ? lastMoment / 4 : lastMoment;
        using var over = new CancellationTokenSource(moment, TimeProvider.System);
        await WhenOverAsync(over.Token);
        return connections.Snapshot(withEnded: true);
    }

    private static void TryLog(Action log)
    {
        try
        {
            log();
        }
        catch (Exception)
        {
            // A log that throws must not keep connections from being closed.
        }
    }
}
