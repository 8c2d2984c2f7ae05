using System.Buffers.Binary;

namespace Waffle.WebSockets.Protocol;

/// <summary>Writes frame headers with the shortest length form (RFC 6455 5.2). The format is drawn at <see cref="FrameHeaderReader"/>.</summary>
internal static class FrameHeaderWriter
{
    /// <summary>How long the header of an unmasked frame is.</summary>
    public static int GetUnmaskedLength(long payloadLength) => payloadLength switch
    {
        <= FrameHeader.MaxControlPayloadLength => 2,
        <= ushort.MaxValue => 4,
        _ => FrameHeader.MaxUnmaskedLength,
    };

    /// <summary>Writes <paramref name="header"/> to the start of <paramref name="destination"/> and returns its length.</summary>
    public static int Write(Span<byte> destination, in FrameHeader header)
    {
        destination[0] = (byte)((header.IsFinal ? 0x80 : 0) | (header.Rsv1 ? 0x40 : 0) | (byte)header.Opcode);
        var length = GetUnmaskedLength(header.PayloadLength);
        switch (length)
        {
            case 2:
                destination[1] = (byte)header.PayloadLength;
                break;
            case 4:
                destination[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)header.PayloadLength);
                break;
            default:
                destination[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(destination[2..], header.PayloadLength);
                break;
        }

        if (header.MaskingKey is { } key)
        {
            destination[1] |= 0x80;
            key.Write(destination[length..]);
            length += MaskingKey.Length;
        }

        return length;
    }
}
