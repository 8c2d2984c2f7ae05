namespace Waffle.WebSockets;

/// <summary>Why a connection ended. More members may be added.</summary>
public enum CloseCause
{
    /// <summary>The peer closed, with the code in <see cref="CloseInfo.Code"/>.</summary>
    PeerClosed,

    /// <summary>The application closed.</summary>
    ClosedHere,

    /// <summary>The application cut the connection with <see cref="WebSocketConnection.Abort"/>.</summary>
    Aborted,

    /// <summary>The peer's connection was lost or ended without a Close.</summary>
    PeerVanished,

    /// <summary>The peer answered no ping in time.</summary>
    PongTimeout,

    /// <summary>No message arrived within <see cref="WebSocketConnectionOptions.ReadTimeout"/>.</summary>
    ReadTimeout,

    /// <summary>Nothing could be written for <see cref="WebSocketConnectionOptions.WriteTimeout"/>.</summary>
    WriteTimeout,

    /// <summary>The application left received messages unread for <see cref="WebSocketConnectionOptions.UnreadLimit"/>.</summary>
    Unread,

    /// <summary>The peer read too slowly and its queue was full.</summary>
    SlowConsumer,

    /// <summary>The peer sent a message over <see cref="WebSocketConnectionOptions.MaxMessageSize"/>.</summary>
    MessageTooBig,

    /// <summary>The peer broke a rule of the protocol or one of its limits.</summary>
    ProtocolViolation,

    /// <summary>The application's handler or callback threw.</summary>
    HandlerFailed,

    /// <summary>The peer sent more than its rate limit allows: over <c>WebSocketHubOptions.MaxMalformedMessages</c> that could not be understood.</summary>
    RateLimited,

    /// <summary>The peer's authentication expired. Not used yet.</summary>
    Expired,

    /// <summary>The peer's rights were revoked. Not used yet.</summary>
    Revoked,

    /// <summary>The connection reached its maximum age.</summary>
    MaxAge,

    /// <summary>The server shuts down, or is drained.</summary>
    Shutdown,

    /// <summary>The peer did not authenticate itself within <see cref="WebSocketConnectionOptions.AuthenticationTimeout"/>.</summary>
    AuthenticationTimeout,
}
