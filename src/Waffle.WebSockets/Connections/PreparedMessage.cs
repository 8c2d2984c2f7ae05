using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets;

/// <summary>A message that is encoded and framed once, to be sent to any number of clients any number of times.</summary>
/// <remarks>Immutable and safe to share between threads. It keeps its own copy of the data.</remarks>
/// <example>
/// <code>
/// var tick = PreparedMessage.Text("tick");
/// await hub.BroadcastAsync(tick);
/// </code>
/// </example>
public sealed class PreparedMessage
{
    private PreparedMessage(OutboundFrame frame) => Frame = frame;

    /// <summary>The frame, never pooled: it lives as long as this object.</summary>
    internal OutboundFrame Frame { get; }

    /// <summary>The payload's length in bytes.</summary>
    public int Length => Frame.PayloadLength;

    /// <summary>A text message.</summary>
    /// <exception cref="ArgumentException"><paramref name="text"/> holds half of a surrogate pair.</exception>
    public static PreparedMessage Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(OutboundFrame.CreateShared(Opcode.Text, StrictUtf8.GetBytes(text, nameof(text))));
    }

    /// <summary>A text message from bytes that are UTF-8 already.</summary>
    /// <exception cref="ArgumentException"><paramref name="utf8"/> is not valid UTF-8.</exception>
    public static PreparedMessage Text(ReadOnlySpan<byte> utf8)
    {
        StrictUtf8.ThrowIfInvalid(utf8, nameof(utf8));
        return new(OutboundFrame.CreateShared(Opcode.Text, utf8));
    }

    /// <summary>A binary message.</summary>
    public static PreparedMessage Binary(ReadOnlySpan<byte> data) => new(OutboundFrame.CreateShared(Opcode.Binary, data));
}
