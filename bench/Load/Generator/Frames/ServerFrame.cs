using System.Buffers.Binary;

namespace Waffle.WebSockets.Bench.Load.Generator.Frames;

/// <summary>The header of a frame that a server sent.</summary>
/// <param name="Kind">Its opcode, one of those that there are.</param>
/// <param name="IsFinal">Whether it ends its message.</param>
/// <param name="IsCompressed">Whether it begins a compressed message.</param>
/// <param name="HeaderLength">The bytes before the payload.</param>
/// <param name="PayloadLength">The bytes of the payload.</param>
internal readonly record struct ServerFrame(FrameKind Kind, bool IsFinal, bool IsCompressed, int HeaderLength, int PayloadLength)
{
    private const int LongestPayload = 16 * 1024 * 1024;

    public int Length => HeaderLength + PayloadLength;

    /// <summary>Reads the header at the start of what came; false if it is not complete yet.</summary>
    /// <exception cref="RunFailedException">No server may send such a frame.</exception>
    public static bool TryRead(ReadOnlySpan<byte> received, out ServerFrame frame)
    {
        frame = default;
        if (received.Length < 2)
        {
            return false;
        }

        var shortLength = received[1] & 0x7f;
        var headerLength = shortLength switch { 126 => 4, 127 => 10, _ => 2 };
        if (received.Length < headerLength)
        {
            return false;
        }

        var length = shortLength switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(received[2..]),
            127 => BinaryPrimitives.ReadUInt64BigEndian(received[2..]),
            _ => (ulong)shortLength,
        };
        ThrowIfWrong(received[0], received[1], length);
        frame = new ServerFrame(
            (FrameKind)(received[0] & 0x0f),
            IsFinal: (received[0] & 0x80) != 0,
            IsCompressed: (received[0] & 0x40) != 0,
            headerLength,
            (int)length);
        return true;
    }

    private static void ThrowIfWrong(byte first, byte second, ulong length)
    {
        if ((first & 0x30) != 0 || (second & 0x80) != 0 || (first & 0x0f) is (> 2 and < 8) or > 10)
        {
            throw new RunFailedException($"The server sent a frame that begins with {first:x2} {second:x2}.");
        }

        if (length > LongestPayload)
        {
            throw new RunFailedException($"The server sent a frame of {length} bytes.");
        }
    }
}
