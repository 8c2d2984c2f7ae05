using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>What is logged of a drain.</summary>
internal static partial class DrainLog
{
    public const string Category = "Waffle.WebSockets.Drain";

    [LoggerMessage(1101, LogLevel.Information, "Draining {Connections} WebSocket connections.")]
    public static partial void Began(ILogger logger, int connections);

    [LoggerMessage(1102, LogLevel.Information, "WebSocket connections drained: {Closed} closed, {Cut} cut; {Finished} had messages at work that were finished; handlers left behind: {LeftBehind}; {Seconds:0.0} s.")]
    public static partial void Ended(ILogger logger, int closed, int cut, int finished, int leftBehind, double seconds);

    [LoggerMessage(1103, LogLevel.Warning, "Handlers or callbacks of {Connections} connections go on although these were cut; the stop does not wait for them. One of them: {ConnectionId}.")]
    public static partial void LeftBehind(ILogger logger, int connections, string connectionId);
}
