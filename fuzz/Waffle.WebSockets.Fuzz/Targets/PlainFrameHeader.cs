using System.Buffers.Binary;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>The rules of RFC 6455 5.2 for a frame's header, one after the other, as plainly as can be.</summary>
internal static class PlainFrameHeader
{
    /// <summary>Whether a valid header begins with these bytes, or is among them.</summary>
    public static bool IsPossible(ReadOnlySpan<byte> bytes, EndpointRole role, bool allowRsv1)
    {
        if (bytes.Length < 1)
        {
            return true;
        }

        var opcode = bytes[0] & 0x0F;
        var isControl = opcode >= 8;
        if (opcode is not (0 or 1 or 2 or 8 or 9 or 10) || (bytes[0] & 0x30) != 0 || (isControl && bytes[0] < 0x80))
        {
            return false;
        }

        if ((bytes[0] & 0x40) != 0 && !(allowRsv1 && opcode is 1 or 2))
        {
            return false;
        }

        if (bytes.Length < 2)
        {
            return true;
        }

        var length = bytes[1] % 128;
        if (bytes[1] >= 128 != (role == EndpointRole.Server) || (isControl && length > 125))
        {
            return false;
        }

        return length switch
        {
            126 => bytes.Length < 4 || BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) > 125,
            127 => IsPossibleLongLength(bytes[2..Math.Min(bytes.Length, 10)]),
            _ => true,
        };
    }

    // The greatest number that begins so must need 64 bits, and the least must fit into 63.
    private static bool IsPossibleLongLength(ReadOnlySpan<byte> bytes)
    {
        Span<byte> least = stackalloc byte[8];
        Span<byte> greatest = stackalloc byte[8];
        greatest.Fill(0xFF);
        bytes.CopyTo(least);
        bytes.CopyTo(greatest);
        return BinaryPrimitives.ReadUInt64BigEndian(greatest) > ushort.MaxValue
            && BinaryPrimitives.ReadUInt64BigEndian(least) <= long.MaxValue;
    }
}
