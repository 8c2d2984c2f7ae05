using System.Buffers.Binary;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Dialects;

/// <summary>SignalR's MessagePack protocol: each message is an array after its length, and a WebSocket message may hold several.</summary>
internal sealed class SignalRMessagePackDialect : Dialect
{
    // Of the array [type 1, no headers, no id, the method, [payload], no streams] what stands before the payload.
    private static readonly byte[] _invocation = [0x96, 0x01, 0x80, 0xc0, 0xa4, .. "Send"u8, 0x91];

    // The same with the id "0": an invocation is answered only if it has one. The answers come in order, so that one id is enough.
    private static readonly byte[] _answeredInvocation = [0x96, 0x01, 0x80, 0xa1, (byte)'0', 0xa4, .. "Echo"u8, 0x91];

    private static readonly byte[] _noStreams = [0x90];

    private static readonly byte[] _ping = [0x02, 0x91, 0x06];

    public override bool IsBinary => true;

    public override bool SeveralPayloadsPerMessage => true;

    public override bool AwaitsReady => true;

    public override IReadOnlyList<byte[]> Hello(Conversation conversation) => [SignalRHandshake.Request("messagepack")];

    public override byte[] Prefix(Conversation conversation)
    {
        byte[] invocation = conversation.Kind == ConversationKind.Echo ? _answeredInvocation : _invocation;
        byte[] header = StringHeader(conversation.PayloadLength);
        int length = invocation.Length + header.Length + conversation.PayloadLength + _noStreams.Length;
        return [.. LengthPrefix(length), .. invocation, .. header];
    }

    public override byte[] Suffix(Conversation conversation) => _noStreams;

    public override bool IsReady(ReadOnlySpan<byte> message) => SignalRHandshake.IsReady(message);

    public override bool TryAnswer(ReadOnlySpan<byte> message, out ReadOnlyMemory<byte> answer)
    {
        answer = default;
        return SignalRHandshake.IsAccepted(message) || message.SequenceEqual(_ping);
    }

    /// <summary>Seven bits in each byte, the lowest first; the eighth tells that there are more.</summary>
    private static List<byte> LengthPrefix(int length)
    {
        List<byte> prefix = [];
        for (; length >= 0x80; length >>= 7)
        {
            prefix.Add((byte)(length | 0x80));
        }

        prefix.Add((byte)length);
        return prefix;
    }

    private static byte[] StringHeader(int length)
    {
        if (length < 32)
        {
            return [(byte)(0xa0 | length)];
        }

        if (length <= byte.MaxValue)
        {
            return [0xd9, (byte)length];
        }

        byte[] header = [0xdb, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), length);
        return header;
    }
}
