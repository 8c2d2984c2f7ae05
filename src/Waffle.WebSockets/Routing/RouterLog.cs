using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.Routing;

/// <summary>What a router logs. Never a payload, and no type that is not registered.</summary>
internal static partial class RouterLog
{
    [LoggerMessage(3001, LogLevel.Error, "A message handler failed for connection {ConnectionId}; the sender got an error reply.")]
    public static partial void HandlerFailed(ILogger logger, Exception error, string connectionId);

    [LoggerMessage(3004, LogLevel.Debug, "Connection {ConnectionId} sent a message of a type that has no handler; it is ignored.")]
    public static partial void MessageIgnored(ILogger logger, string connectionId);

    [LoggerMessage(3003, LogLevel.Error, "The error handler failed for connection {ConnectionId}; the sender got the usual error reply.")]
    public static partial void ErrorHandlerFailed(ILogger logger, Exception error, string connectionId);

    [LoggerMessage(3002, LogLevel.Warning, "A message handler for connection {ConnectionId} has been running for {Seconds} s.")]
    public static partial void HandlerIsSlow(ILogger logger, string connectionId, int seconds);
}
