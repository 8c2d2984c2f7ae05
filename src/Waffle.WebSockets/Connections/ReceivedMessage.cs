using System.Text;

namespace Waffle.WebSockets;

/// <summary>One whole message as it was received.</summary>
/// <remarks>The data belongs to the connection: it is valid until the next read there. Copy what is to be kept.</remarks>
public readonly struct ReceivedMessage
{
    internal ReceivedMessage(MessageKind kind, ReadOnlyMemory<byte> data)
    {
        Kind = kind;
        Data = data;
    }

    /// <summary>Text or binary.</summary>
    public MessageKind Kind { get; }

    /// <summary>The message's bytes, valid until the next read on the connection; UTF-8 that was checked, if the message is text.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The data as a string of its own.</summary>
    /// <exception cref="UnexpectedMessageKindException">The message is binary.</exception>
    public string GetText() => Kind == MessageKind.Text
        ? Encoding.UTF8.GetString(Data.Span)
        : throw new UnexpectedMessageKindException(MessageKind.Text, Kind);
}
