namespace Waffle.WebSockets;

/// <summary>What became of a send, at the time of the call.</summary>
/// <remarks>What is lost later, because it was dropped as the oldest or not written when the connection ended, is counted in
/// <see cref="CloseInfo.UnsentMessages"/>.</remarks>
public enum SendStatus
{
    /// <summary>Accepted: it is written in its turn.</summary>
    Queued,

    /// <summary>Not accepted, because the queue was full.</summary>
    Dropped,

    /// <summary>Not accepted, because the connection is closing or closed.</summary>
    Closed,
}
