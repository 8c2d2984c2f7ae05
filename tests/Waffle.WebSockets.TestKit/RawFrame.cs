using System.Buffers.Binary;
using System.Text;

namespace Waffle.WebSockets.TestKit;

/// <summary>A frame as it stood on the wire, unmasked.</summary>
public sealed record RawFrame(bool IsFinal, int ReservedBits, byte Opcode, bool IsMasked, int HeaderLength, byte[] Payload)
{
    public const byte Continuation = 0x0;
    public const byte TextOpcode = 0x1;
    public const byte BinaryOpcode = 0x2;
    public const byte CloseOpcode = 0x8;
    public const byte PingOpcode = 0x9;
    public const byte PongOpcode = 0xA;

    /// <summary>The reserved bit of a compressed message (RFC 7692 6).</summary>
    public const int Rsv1 = 4;

    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>A Close's code; <see langword="null"/> if it has none.</summary>
    public CloseCode? CloseCode => Payload.Length >= 2 ? (CloseCode)BinaryPrimitives.ReadUInt16BigEndian(Payload) : null;

    /// <summary>A Close's reason.</summary>
    public string CloseReason => Payload.Length > 2 ? Encoding.UTF8.GetString(Payload.AsSpan(2)) : string.Empty;

    /// <summary>The bytes of a frame, by a writer of its own, so that it can be wrong in every way.</summary>
    /// <param name="opcode">Any of the 16.</param>
    /// <param name="payload">The payload before masking.</param>
    /// <param name="isFinal">FIN.</param>
    /// <param name="mask">The masking key's four bytes; <see langword="null"/>: not masked.</param>
    /// <param name="reservedBits">RSV1 = 4, RSV2 = 2, RSV3 = 1.</param>
    /// <param name="lengthForm">0: the shortest; 16 or 64: that many bits.</param>
    public static byte[] Encode(
        byte opcode, ReadOnlySpan<byte> payload, bool isFinal = true, byte[]? mask = null, int reservedBits = 0, int lengthForm = 0)
    {
        var maskBit = mask is null ? 0 : 0x80;
        if (lengthForm == 0)
        {
            lengthForm = payload.Length < 126 ? 7 : payload.Length < 65_536 ? 16 : 64;
        }

        var header = new List<byte>
        {
            (byte)((isFinal ? 0x80 : 0) | (reservedBits << 4) | opcode),
            (byte)(maskBit | lengthForm switch { 7 => payload.Length, 16 => 126, _ => 127 }),
        };
        for (var shift = lengthForm == 7 ? -8 : lengthForm - 8; shift >= 0; shift -= 8)
        {
            header.Add((byte)((long)payload.Length >> shift));
        }

        byte[] bytes = [.. header, .. mask ?? [], .. payload];
        var masked = bytes.AsSpan(bytes.Length - payload.Length);
        for (var i = 0; mask is not null && i < masked.Length; i++)
        {
            masked[i] ^= mask[i % 4];
        }

        return bytes;
    }

    /// <summary>The bytes of a message's frames, masked; each but the last holds <paramref name="fragmentLength"/> bytes of it.</summary>
    public static byte[] EncodeMessage(byte opcode, ReadOnlySpan<byte> payload, int fragmentLength = int.MaxValue, int reservedBits = 0)
    {
        using var bytes = new MemoryStream();
        do
        {
            var piece = payload[..Math.Min(payload.Length, fragmentLength)];
            payload = payload[piece.Length..];
            bytes.Write(Encode(opcode, piece, payload.IsEmpty, mask: [1, 2, 3, 4], reservedBits));
            (opcode, reservedBits) = (Continuation, 0);
        }
        while (!payload.IsEmpty);
        return bytes.ToArray();
    }

    /// <summary>The payload of a Close.</summary>
    public static byte[] ClosePayload(int code, string reason = "") =>
        [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)];
}
