using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>What endpoints log. Never a payload, a query string or a subprotocol that was offered: tokens travel there.</summary>
internal static partial class EndpointLog
{
    public const string Category = "Waffle.WebSockets.Endpoint";

    [LoggerMessage(1001, LogLevel.Debug, "Connection {ConnectionId} accepted.")]
    public static partial void Accepted(ILogger logger, string connectionId);

    [LoggerMessage(EventId = 1002, Message = "Handshake refused with {Status}: {Reason} Origin \"{Origin}\", host \"{Host}\".")]
    public static partial void Refused(ILogger logger, LogLevel level, int status, string reason, string origin, string host);

    [LoggerMessage(1003, LogLevel.Debug, "Connection {ConnectionId} ended: {Cause}, code {Code}.")]
    public static partial void Ended(ILogger logger, string connectionId, CloseCause cause, int code);

    [LoggerMessage(1004, LogLevel.Error, "The handler of connection {ConnectionId} failed; the connection is closed with 1011.")]
    public static partial void HandlerFailed(ILogger logger, Exception error, string connectionId);

    [LoggerMessage(1005, LogLevel.Warning, "A WebSocket endpoint allows any origin (DangerouslyAllowAnyOrigin): any web page can connect with its visitor's cookies.")]
    public static partial void AnyOriginAllowed(ILogger logger);

    [LoggerMessage(1006, LogLevel.Warning, "A WebSocket endpoint trusts origins that equal the request's Host header, and any Host is accepted: set AllowedHosts in the configuration to the names of this site.")]
    public static partial void AnyHostTrusted(ILogger logger);
}
