namespace Waffle.WebSockets;

/// <summary>What a backplane tells. Its members return soon, never throw, and may be called from any thread.</summary>
public interface IBackplaneReceiver
{
    /// <summary>A message has come on a channel. One at a time for each channel, in the engine's order.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="message">The bytes, valid until the call returns. Whatever they are, they are looked at with care.</param>
    void OnMessage(string channel, ReadOnlySpan<byte> message);

    /// <summary>There is a connection, for the first time or again. What was subscribed to is subscribed to anew from above.</summary>
    void OnConnected();

    /// <summary>The connection is lost; the backplane tries to connect again by itself.</summary>
    /// <param name="error">Why, if that is known.</param>
    void OnDisconnected(Exception? error);

    /// <summary>Messages that were published were dropped, by the driver or by the engine.</summary>
    /// <param name="channel">Where; <see langword="null"/>: anywhere.</param>
    void OnMessagesDropped(string? channel);

    /// <summary>A subscription has ended without being taken back. It is asked for again from above.</summary>
    /// <param name="channel">The channel.</param>
    void OnSubscriptionLost(string channel);
}
