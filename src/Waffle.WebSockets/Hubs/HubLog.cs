using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.Hubs;

/// <summary>What a hub logs.</summary>
internal static partial class HubLog
{
    [LoggerMessage(2001, LogLevel.Error, "The disconnect callback failed for connection {ConnectionId}.")]
    public static partial void DisconnectCallbackFailed(ILogger logger, Exception error, string connectionId);

    [LoggerMessage(2002, LogLevel.Error, "The gap callback failed.")]
    public static partial void GapCallbackFailed(ILogger logger, Exception error);
}
