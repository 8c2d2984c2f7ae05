namespace Waffle.WebSockets;

/// <summary>Limits and times of a connection. Read once when the connection begins; later changes have no effect on it.</summary>
/// <example>
/// <code>
/// app.MapWebSocketHub("/prices", router, options =>
/// {
///     options.PingInterval = TimeSpan.FromSeconds(15);
///     options.SendQueueMaxBytes = 256 * 1024;
///     options.WhenQueueFull = QueueFullPolicy.DropOldest;
/// });
/// </code>
/// </example>
public class WebSocketConnectionOptions
{
    /// <summary>How long to wait for the next whole message before the connection ends with 1008. Zero, the default: for ever.</summary>
    public TimeSpan ReadTimeout { get; set; }

    /// <summary>
    /// How long a write may stand still, and how long a send may wait for room in the queue. Default 10 s; zero: for ever. A write that stands still
    /// longer ends the connection.
    /// </summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the peer is pinged. Default 30 s; zero: never.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a ping may stay unanswered while nothing else arrives either, before the peer counts as gone. Default 10 s; zero: as
    /// <see cref="PingInterval"/>. Any received byte counts as life, and so does a write that goes on.
    /// </summary>
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the closing handshake may take before the connection is cut. Default 5 s.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long received messages may fill the read-ahead unread before the connection ends with 1008. Default 2 min; zero: for ever.</summary>
    public TimeSpan UnreadLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a message that has begun may take to arrive before the connection ends with 1008. Default 60 s; zero: for ever.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a client whose request was not authenticated may take until <see cref="WebSocketConnection.SignIn"/> is called for it, before the connection
    /// ends with 3000. Zero, the default: for ever, as for endpoints that authenticate requests or want no authentication.
    /// </summary>
    public TimeSpan AuthenticationTimeout { get; set; }

    /// <summary>The largest message that is accepted, in bytes; a larger one ends the connection with 1009. Default 32 KiB, at least 1.</summary>
    public int MaxMessageSize { get; set; } = 32 * 1024;

    /// <summary>How many fragments a message may have; more end the connection with 1008. Default 16,384; zero: no limit.</summary>
    public int MaxFragments { get; set; } = 16_384;

    /// <summary>
    /// How many messages are received ahead of the application's reads; at most <see cref="MaxMessageSize"/> bytes in all, each message counted,
    /// like that limit here, with its whole buffer: the next power of two. When that is full, the peer is not read from. Default 64, at least 1.
    /// A compressed message, whose size nobody knows before it is inflated, is received while these and the one in hand hold no more than that.
    /// </summary>
    public int ReadAheadMessages { get; set; } = 64;

    /// <summary>
    /// How many bytes may wait to be sent; each message counts its frame and 64 bytes. Default 1 MiB, at least 1. A single larger message is accepted
    /// while less than this waits.
    /// </summary>
    public int SendQueueMaxBytes { get; set; } = 1024 * 1024;

    /// <summary>How many messages may wait to be sent. Zero, the default: no limit but <see cref="SendQueueMaxBytes"/>.</summary>
    public int SendQueueMaxMessages { get; set; }

    /// <summary>What becomes of a message when the queue is full. Default <see cref="QueueFullPolicy.Disconnect"/>.</summary>
    public QueueFullPolicy WhenQueueFull { get; set; } = QueueFullPolicy.Disconnect;

    /// <summary>Copies every setting of <paramref name="source"/>.</summary>
    private protected void CopyFrom(WebSocketConnectionOptions source)
    {
        ReadTimeout = source.ReadTimeout;
        WriteTimeout = source.WriteTimeout;
        PingInterval = source.PingInterval;
        PongTimeout = source.PongTimeout;
        CloseTimeout = source.CloseTimeout;
        UnreadLimit = source.UnreadLimit;
        MessageTimeout = source.MessageTimeout;
        AuthenticationTimeout = source.AuthenticationTimeout;
        MaxMessageSize = source.MaxMessageSize;
        MaxFragments = source.MaxFragments;
        ReadAheadMessages = source.ReadAheadMessages;
        SendQueueMaxBytes = source.SendQueueMaxBytes;
        SendQueueMaxMessages = source.SendQueueMaxMessages;
        WhenQueueFull = source.WhenQueueFull;
    }

    internal WebSocketConnectionOptions Snapshot()
    {
        var copy = new WebSocketConnectionOptions();
        copy.CopyFrom(this);
        return copy;
    }
}
