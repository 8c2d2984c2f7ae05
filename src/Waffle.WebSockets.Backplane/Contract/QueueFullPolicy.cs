namespace Waffle.WebSockets;

/// <summary>What becomes of a message for a client whose outbound queue is full because it reads too slowly.</summary>
public enum QueueFullPolicy
{
    /// <summary>The connection ends with <see cref="CloseCode.TryAgainLater"/>, so that the client may come back and start afresh. The default.</summary>
    Disconnect,

    /// <summary>The new message is dropped; what waits already is kept.</summary>
    DropNewest,

    /// <summary>The messages that have waited longest are dropped to make room. One of which a byte has left is never touched.</summary>
    DropOldest,

    /// <summary>
    /// The sender waits for room, at most <c>WebSocketConnectionOptions.WriteTimeout</c>; then the message is dropped. Only for sends to
    /// one client: a broadcast never waits, so there it means <see cref="DropNewest"/>.
    /// </summary>
    Wait,
}
