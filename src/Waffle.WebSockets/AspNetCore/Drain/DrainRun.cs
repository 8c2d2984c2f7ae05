using Microsoft.Extensions.Logging;
using Waffle.WebSockets.Connections;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>One drain: closes in batches, waits, cuts what is left, and leaves behind what does not end even so.</summary>
/// <param name="connections">The application's connections.</param>
/// <param name="options">How to close them.</param>
/// <param name="timeout">When to cut.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of it.</param>
#pragma warning disable CA1001 // The token sources have no timer and nothing to release.
internal sealed class DrainRun(
    ConnectionRegistry connections, WebSocketDrainOptions options, TimeSpan timeout, TimeProvider time, ILogger logger)
#pragma warning restore CA1001
{
    // What handlers and callbacks get to end, after their connections were cut.
    private static readonly TimeSpan _lastMoment = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _cut = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Lock _closingLock = new();
    private readonly Dictionary<WebSocketConnection, PendingClose> _closing = [];
    private int _cutCount;

    /// <summary>How to refuse who comes now: the seconds within which to come back.</summary>
    public int RetryWithin => DrainOptionsRules.WholeSeconds(options.ReconnectWindow);

    public TimeSpan HandlerTimeout => options.HandlerTimeout;

    /// <summary>Does it all. Never throws.</summary>
    public async Task<DrainReport> RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var began = time.GetTimestamp();
        if (connections.Count > 0)
        {
            DrainLog.Began(logger, connections.Count);
        }

        using (time.CreateTimer(static run => ((DrainRun)run!).CutNow(), this, timeout, Timeout.InfiniteTimeSpan))
        {
            await CloseAllAsync();
            await WhenOverAsync(_cut.Token);
        }

        Cut();
        var leftBehind = await LeaveRestAsync();
        var report = CreateReport(leftBehind, time.GetElapsedTime(began));
        if (report.Connections > 0)
        {
            DrainLog.Ended(logger, report.Closed, report.Cut, report.Finished, report.LeftBehind, report.Elapsed.TotalSeconds);
        }

        return report;
    }

    /// <summary>The host waits no longer: cuts what is left, and leaves behind what has not ended then.</summary>
    public void GiveUp()
    {
        _ = _giveUp.CancelAsync();
        CutNow();
    }

    /// <summary>Closes one connection, when what it has sent is handled.</summary>
    public void Close(WebSocketConnection connection)
    {
        var pending = connection.CloseWhenHandled(options.CreateClose(), options.HandlerTimeout);
        lock (_closingLock)
        {
            _closing.TryAdd(connection, pending);
        }
    }

    private void CutNow() => _ = _cut.CancelAsync();

    private async Task CloseAllAsync()
    {
        var all = connections.Snapshot().ToArray();

        // By chance, so that those who came together do not come back together.
        Random.Shared.Shuffle(all);
        foreach (var batch in all.Chunk(options.BatchSize))
        {
            foreach (var connection in batch)
            {
                Close(connection);
            }

            if (batch.Length == options.BatchSize && !await PauseAsync())
            {
                return;
            }
        }
    }

    // False: the time is over.
    private async Task<bool> PauseAsync()
    {
        var pause = options.BatchInterval * (0.5 + Random.Shared.NextDouble());
        await Task.Delay(pause, time, _cut.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_cut.IsCancellationRequested;
    }

    // Those that were accepted meanwhile, too.
    private async Task WhenOverAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && connections.Snapshot(withEnded: true) is { Count: > 0 } left)
        {
            await Task.WhenAll(left.Select(static connection => connection.Released)).WaitAsync(cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Cut()
    {
        foreach (var connection in connections.Snapshot())
        {
            Close(connection);
            if (connection.AbortFor(CloseCause.Shutdown))
            {
                _cutCount++;
            }
        }
    }

    private async Task<int> LeaveRestAsync()
    {
        using (var lastMoment = new CancellationTokenSource(_lastMoment, time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(lastMoment.Token, _giveUp.Token))
        {
            await WhenOverAsync(either.Token);
        }

        var left = connections.Snapshot(withEnded: true);
        foreach (var connection in left)
        {
            DrainLog.LeftBehind(logger, connection.Id);
            connection.Release();
        }

        return left.Count;
    }

    private DrainReport CreateReport(int leftBehind, TimeSpan elapsed)
    {
        lock (_closingLock)
        {
            var cut = _cutCount + _closing.Keys.Count(static connection => connection.IsCloseTimedOut);
            var finished = _closing.Values.Count(static pending => pending is { WasAtWork: true, IsFinished: true });
            return new DrainReport(_closing.Count, _closing.Count - cut, cut, finished, leftBehind, elapsed);
        }
    }
}
