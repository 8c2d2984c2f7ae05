using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Makes sealed frames of what applications send; the caller holds each one's reference.</summary>
internal static class MessageFrame
{
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair.</exception>
    public static OutboundFrame CreateText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var length = StrictUtf8.GetByteCount(text, nameof(text));
        var frame = OutboundFrame.Rent(length);
        frame.Advance(StrictUtf8.GetBytes(text, frame.GetSpan(length)));
        frame.Seal(Opcode.Text);
        return frame;
    }

    public static OutboundFrame Create(MessageKind kind, ReadOnlySpan<byte> data) => OutboundFrame.Rent(ToOpcode(kind), data);

    private static Opcode ToOpcode(MessageKind kind) => kind switch
    {
        MessageKind.Text => Opcode.Text,
        MessageKind.Binary => Opcode.Binary,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A message is text or binary."),
    };
}
