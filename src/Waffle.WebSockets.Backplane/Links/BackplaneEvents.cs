using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.Backplane;

/// <summary>What a link logs: of what may come a thousand times a second, one line a minute.</summary>
internal sealed partial class BackplaneEvents(ILogger logger, TimeProvider time)
{
    private readonly RareEvent _garbage = new(time);
    private readonly RareEvent _failedSubscriptions = new(time);
    private readonly RareEvent _failures = new(time);
    private readonly RareEvent _tooLong = new(time);
    private readonly RareEvent _full = new(time);

    public void Away() => LogAway(logger);

    public void There() => LogThere(logger);

    public void StartFailed(Exception error) => LogStartFailed(logger, error);

    public void EndFailed(Exception error) => LogEndFailed(logger, error);

    public void Disconnected(Exception? error) => LogDisconnected(logger, error);

    public void Failed(Exception error)
    {
        if (_failures.IsDue(out var count))
        {
            LogFailed(logger, error, count);
        }
    }

    public void Garbage()
    {
        if (_garbage.IsDue(out var count))
        {
            LogGarbage(logger, count);
        }
    }

    public void SubscriptionFailed(Exception error)
    {
        if (_failedSubscriptions.IsDue(out var count))
        {
            LogSubscriptionFailed(logger, error, count);
        }
    }

    public void Refused(PublishRefusal refusal)
    {
        // That the engine is away was said when it went.
        if (refusal == PublishRefusal.TooLong && _tooLong.IsDue(out var count))
        {
            LogTooLong(logger, count);
        }
        else if (refusal == PublishRefusal.Full && _full.IsDue(out count))
        {
            LogFull(logger, count);
        }
    }

    [LoggerMessage(5001, LogLevel.Warning, "The backplane's engine is away: what is broadcast reaches this server's clients only.")]
    private static partial void LogAway(ILogger logger);

    [LoggerMessage(5002, LogLevel.Information, "The backplane's engine is there, and everything is subscribed to.")]
    private static partial void LogThere(ILogger logger);

    [LoggerMessage(5003, LogLevel.Debug, "The connection to the backplane's engine is lost.")]
    private static partial void LogDisconnected(ILogger logger, Exception? error);

    [LoggerMessage(5004, LogLevel.Warning, "{Count} messages came through the backplane that no server of a known version publishes; they were skipped.")]
    private static partial void LogGarbage(ILogger logger, int count);

    [LoggerMessage(5005, LogLevel.Warning, "{Count} subscriptions at the backplane's engine have failed; they are tried again.")]
    private static partial void LogSubscriptionFailed(ILogger logger, Exception error, int count);

    [LoggerMessage(5006, LogLevel.Error, "The backplane could not be started, which is tried again: what is broadcast reaches this server's clients only.")]
    private static partial void LogStartFailed(ILogger logger, Exception error);

    [LoggerMessage(5007, LogLevel.Error, "{Count} pieces of work between this server and the others have failed.")]
    private static partial void LogFailed(ILogger logger, Exception error, int count);

    [LoggerMessage(5008, LogLevel.Warning, "{Count} messages were not published: they are longer than BackplaneOptions.MaxMessageSize.")]
    private static partial void LogTooLong(ILogger logger, int count);

    [LoggerMessage(5009, LogLevel.Warning, "{Count} messages were not published: more waits than BackplaneOptions.MaxPendingBytes.")]
    private static partial void LogFull(ILogger logger, int count);

    [LoggerMessage(5010, LogLevel.Warning, "The backplane did not end in good order.")]
    private static partial void LogEndFailed(ILogger logger, Exception error);
}
