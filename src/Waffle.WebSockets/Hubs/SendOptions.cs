namespace Waffle.WebSockets;

/// <summary>How one message is sent. The default value sends to everybody, by the connection's own policy.</summary>
/// <example>
/// <code>
/// // Everybody but the sender; who reads slowly gets only the newest position.
/// await hub.BroadcastEventAsync("moved", new { x = 3, y = 4 }, new SendOptions { Except = client, Key = $"moved {client.Id}" }, ct);
///
/// // Waits for the client instead of dropping what does not fit.
/// await client.SendBinaryAsync(new byte[4096], new SendOptions { WhenQueueFull = QueueFullPolicy.Wait }, ct);
/// </code>
/// </example>
public readonly record struct SendOptions
{
    /// <summary>A client that a broadcast leaves out, such as the sender. Without meaning for a send to one client.</summary>
    public HubClient? Except { get; init; }

    /// <summary>The id of a connection that a broadcast leaves out, on whatever server it is. Without meaning for a send to one client.</summary>
    public string? ExceptConnection { get; init; }

    /// <summary>
    /// A message with a key replaces the one with the same key that still waits to be sent: that one is taken out, the new one goes to the end of the
    /// queue. A client that reads slowly gets the newest value only. Keys are compared ordinally, per connection.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>What becomes of the message where the queue is full; <see langword="null"/>: as
    /// <see cref="WebSocketConnectionOptions.WhenQueueFull"/> says.</summary>
    public QueueFullPolicy? WhenQueueFull { get; init; }

    /// <summary>Whether to compress the message where the connection has agreed to it; <see langword="null"/>: as the endpoint's options say.</summary>
    /// <remarks>
    /// Whatever this says, a message goes out as it is where it would be no shorter, if no context is kept, and where it is longer than eight windows of a client whose
    /// window is below 4 KiB.
    /// </remarks>
    public bool? Compress { get; init; }
}
