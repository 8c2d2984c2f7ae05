using System.Buffers.Binary;
using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Protocol;

/// <summary>Bytes as a client puts them on the wire.</summary>
internal static class Wire
{
    public static readonly byte[] Mask = [0x37, 0xFA, 0x21, 0x3D];

    public static byte[] Text(string payload, bool isFinal = true) => Frame(RawFrame.TextOpcode, Encoding.UTF8.GetBytes(payload), isFinal);

    public static byte[] Text(byte[] payload, bool isFinal = true) => Frame(RawFrame.TextOpcode, payload, isFinal);

    public static byte[] Binary(byte[] payload, bool isFinal = true) => Frame(RawFrame.BinaryOpcode, payload, isFinal);

    public static byte[] Continuation(byte[] payload, bool isFinal = true) => Frame(RawFrame.Continuation, payload, isFinal);

    public static byte[] Ping(byte[] payload) => Frame(RawFrame.PingOpcode, payload);

    public static byte[] Pong(byte[] payload) => Frame(RawFrame.PongOpcode, payload);

    public static byte[] Close(byte[] payload) => Frame(RawFrame.CloseOpcode, payload);

    public static byte[] Close(int code, string reason = "") => Close(RawFrame.ClosePayload(code, reason));

    public static byte[] Frame(byte opcode, byte[] payload, bool isFinal = true, int reservedBits = 0, int lengthForm = 0) =>
        RawFrame.Encode(opcode, payload, isFinal, Mask, reservedBits, lengthForm);

    /// <summary>A masked header alone that announces <paramref name="length"/> bytes in the shortest form.</summary>
    public static byte[] Header(byte opcode, ulong length, bool isFinal = true)
    {
        Span<byte> extended = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(extended, length);
        var first = (byte)((isFinal ? 0x80 : 0) | opcode);
        return length switch
        {
            < 126 => [first, (byte)(0x80 | length), .. Mask],
            <= ushort.MaxValue => [first, 0xFE, .. extended[6..], .. Mask],
            _ => [first, 0xFF, .. extended, .. Mask],
        };
    }

    public static byte[] Join(params byte[][] frames) => [.. frames.SelectMany(frame => frame)];
}
