using System.Buffers;
using System.Buffers.Binary;
using Waffle.WebSockets.Backplane;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>An envelope between servers, as plainly as can be.</summary>
internal static class PlainServerEnvelope
{
    // CRC-32C, bit by bit.
    private const uint ReversedPolynomial = 0x82F63B78;

    public static byte[] Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : ReversedPolynomial);
            }
        }

        var checksum = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, ~crc);
        return checksum;
    }

    public static bool HasChecksum(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= sizeof(uint) && bytes[^sizeof(uint)..].SequenceEqual(Checksum(bytes[..^sizeof(uint)]));

    /// <summary>The header of an envelope that was taken for one.</summary>
    public static EnvelopeHeader Header(ReadOnlySpan<byte> bytes) => new(
        (EnvelopeKind)bytes[2],
        new Guid(bytes.Slice(3, 16)),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[19..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[27..]));

    /// <summary>Writes an envelope as a server does.</summary>
    public static byte[] Write(in EnvelopeHeader header, Action<EnvelopeWriter> content)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new EnvelopeWriter(output);
        header.Write(writer);
        content(writer);
        writer.WriteBytes(Checksum(output.WrittenSpan));
        return output.WrittenSpan.ToArray();
    }
}
