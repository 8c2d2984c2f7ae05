using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Waffle.WebSockets.Bench.Load.Generator.Frames;

/// <summary>Writes the final, masked frames of a client.</summary>
internal static class ClientFrame
{
    private const int MaskLength = 4;

    /// <summary>How long a frame is with a payload of so many bytes.</summary>
    public static int LengthFor(int payloadLength) => HeaderLengthFor(payloadLength) + MaskLength + payloadLength;

    /// <summary>Writes a frame whose payload is three parts, one after the other.</summary>
    /// <param name="target">As long as <see cref="LengthFor"/> says.</param>
    /// <param name="kind">The opcode.</param>
    /// <param name="prefix">The payload's first part.</param>
    /// <param name="body">Its second.</param>
    /// <param name="suffix">Its third.</param>
    /// <param name="mask">The masking key.</param>
    public static void Write(
        Span<byte> target, FrameKind kind, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> body, ReadOnlySpan<byte> suffix, uint mask)
    {
        var length = prefix.Length + body.Length + suffix.Length;
        target[0] = (byte)(0x80 | (byte)kind);
        WriteLength(target, length);
        target = target[HeaderLengthFor(length)..];
        MemoryMarshal.Write(target, mask);
        var payload = target.Slice(MaskLength, length);
        prefix.CopyTo(payload);
        body.CopyTo(payload[prefix.Length..]);
        suffix.CopyTo(payload[(prefix.Length + body.Length)..]);
        Mask(payload, mask);
    }

    private static int HeaderLengthFor(int payloadLength) => payloadLength switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 };

    private static void WriteLength(Span<byte> target, int length)
    {
        switch (HeaderLengthFor(length))
        {
            case 2:
                target[1] = (byte)(0x80 | length);
                break;
            case 4:
                target[1] = 0x80 | 126;
                BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)length);
                break;
            default:
                target[1] = 0x80 | 127;
                BinaryPrimitives.WriteUInt64BigEndian(target[2..], (ulong)length);
                break;
        }
    }

    // The mask is in memory as its bytes are on the wire, so that it fits each group of four.
    private static void Mask(Span<byte> payload, uint mask)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(payload);
        var wide = ((ulong)mask << 32) | mask;
        for (var i = 0; i < words.Length; i++)
        {
            words[i] ^= wide;
        }

        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in mask));
        for (var i = words.Length * sizeof(ulong); i < payload.Length; i++)
        {
            payload[i] ^= bytes[i % MaskLength];
        }
    }
}
