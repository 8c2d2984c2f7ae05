using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Waffle.WebSockets.Testing.Frames;

/// <summary>
/// Writes a client's frames (RFC 6455 5.2): FIN and opcode, the length with the mask bit, the masking key, the masked payload.
/// </summary>
internal static class ClientFrame
{
    private const int Final = 0x80;
    private const int Masked = 0x80;
    private const int KeyLength = 4;

    public static void Write(IBufferWriter<byte> output, int opcode, bool isFinal, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[2 + sizeof(ulong) + KeyLength];
        header[0] = (byte)((isFinal ? Final : 0) | opcode);
        var length = 2 + WriteLength(header[1..], payload.Length);
        var key = header.Slice(length, KeyLength);
        RandomNumberGenerator.Fill(key);
        output.Write(header[..(length + KeyLength)]);

        var masked = payload.ToArray();
        for (var i = 0; i < masked.Length; i++)
        {
            masked[i] ^= key[i % KeyLength];
        }

        output.Write(masked);
    }

    // The shortest form; returns how many bytes follow the first.
    private static int WriteLength(Span<byte> output, int length)
    {
        switch (length)
        {
            case < 126:
                output[0] = (byte)(Masked | length);
                return 0;
            case <= ushort.MaxValue:
                output[0] = Masked | 126;
                BinaryPrimitives.WriteUInt16BigEndian(output[1..], (ushort)length);
                return sizeof(ushort);
            default:
                output[0] = Masked | 127;
                BinaryPrimitives.WriteUInt64BigEndian(output[1..], (ulong)length);
                return sizeof(ulong);
        }
    }
}
