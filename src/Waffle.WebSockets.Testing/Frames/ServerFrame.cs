using System.Buffers;

namespace Waffle.WebSockets.Testing.Frames;

/// <summary>A frame as a server sends it (RFC 6455 5.2): not masked.</summary>
internal sealed record ServerFrame(int Opcode, bool IsFinal, bool IsCompressed, byte[] Payload)
{
    private const int Final = 0x80;
    private const int Rsv1 = 0x40;
    private const int OtherReservedBits = 0x30;
    private const int Masked = 0x80;

    /// <summary>Takes a whole frame off the input; <see langword="null"/>: there is more to come.</summary>
    /// <exception cref="InvalidDataException">The server broke a rule.</exception>
    public static ServerFrame? TryRead(ref ReadOnlySequence<byte> input)
    {
        var reader = new SequenceReader<byte>(input);
        if (!reader.TryRead(out var first) || !reader.TryRead(out var second))
        {
            return null;
        }

        if ((first & OtherReservedBits) != 0 || (second & Masked) != 0)
        {
            throw new InvalidDataException("The server sent a frame with reserved bits, or a masked one.");
        }

        if (!TryReadLength(ref reader, second, out var length) || reader.Remaining < length)
        {
            return null;
        }

        var payload = reader.UnreadSequence.Slice(0, length).ToArray();
        input = reader.UnreadSequence.Slice(length);
        return new ServerFrame(first & 0xF, (first & Final) != 0, (first & Rsv1) != 0, payload);
    }

    private static bool TryReadLength(ref SequenceReader<byte> reader, byte form, out long length)
    {
        switch (form)
        {
            case 126:
                var isThere = reader.TryReadBigEndian(out short shortLength);
                length = (ushort)shortLength;
                return isThere;
            case 127:
                return reader.TryReadBigEndian(out length);
            default:
                length = form;
                return true;
        }
    }
}
