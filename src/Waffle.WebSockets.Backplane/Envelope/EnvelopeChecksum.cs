using System.Buffers.Binary;
using System.Numerics;

namespace Waffle.WebSockets.Backplane;

/// <summary>The last four bytes of an envelope: CRC-32C of all before. What was changed on its way must not pass for a server's later epoch.</summary>
internal static class EnvelopeChecksum
{
    public const int Length = sizeof(uint);

    public static void Write(EnvelopeWriter writer, ReadOnlySpan<byte> written) => writer.WriteInt32((int)Compute(written));

    /// <summary>Takes the checksum off; <see langword="false"/> if it is wrong.</summary>
    public static bool TryStrip(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> envelope)
    {
        envelope = bytes.Length < Length ? default : bytes[..^Length];
        return bytes.Length >= Length && BinaryPrimitives.ReadUInt32LittleEndian(bytes[^Length..]) == Compute(envelope);
    }

    private static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var last in bytes)
        {
            crc = BitOperations.Crc32C(crc, last);
        }

        return ~crc;
    }
}
