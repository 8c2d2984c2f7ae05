using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>The frames of which the cases are made.</summary>
internal static class ClientFrames
{
    public static byte[] Text(string text, bool isFinal = true, int reservedBits = 0) => Text(Utf8Bytes(text), isFinal, reservedBits);

    public static byte[] Text(byte[] text, bool isFinal = true, int reservedBits = 0) =>
        Frame(RawFrame.TextOpcode, text, isFinal, reservedBits);

    public static byte[] Binary(byte[] data, int reservedBits = 0) => Frame(RawFrame.BinaryOpcode, data, reservedBits: reservedBits);

    public static byte[] Continuation(string payload, bool isFinal) => Continuation(Utf8Bytes(payload), isFinal);

    public static byte[] Continuation(byte[] payload, bool isFinal) => Frame(RawFrame.Continuation, payload, isFinal);

    public static byte[] Ping(string payload = "") => Frame(RawFrame.PingOpcode, Utf8Bytes(payload));

    public static byte[] Ping(byte[] payload) => Frame(RawFrame.PingOpcode, payload);

    public static byte[] Pong(string payload = "") => Frame(RawFrame.PongOpcode, Utf8Bytes(payload));

    public static byte[] Close(int code, string reason = "") => Close(RawFrame.ClosePayload(code, reason));

    public static byte[] Close(byte[] payload) => Frame(RawFrame.CloseOpcode, payload);

    /// <summary>The pattern, repeated up to a length.</summary>
    public static byte[] Repeat(ReadOnlySpan<byte> pattern, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i += pattern.Length)
        {
            pattern[..Math.Min(pattern.Length, length - i)].CopyTo(bytes.AsSpan(i));
        }

        return bytes;
    }
}
