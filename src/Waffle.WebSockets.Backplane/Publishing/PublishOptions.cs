namespace Waffle.WebSockets;

/// <summary>How a message is published. The default value sends to everybody, by each connection's own policy.</summary>
public readonly record struct PublishOptions
{
    /// <summary>The id of a connection that does not get it.</summary>
    public string? ExceptConnection { get; init; }

    /// <summary>A message with a key replaces the one with the same key that still waits for a client.</summary>
    public string? Key { get; init; }

    /// <summary>What becomes of the message where a client's queue is full; <see langword="null"/>: as the connection's own policy says.</summary>
    public QueueFullPolicy? WhenQueueFull { get; init; }

    /// <summary>Whether to compress the message where a connection has agreed to it; <see langword="null"/>: as the endpoint's options say.</summary>
    public bool? Compress { get; init; }
}
