using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.ConformanceTests.Expectations;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>A frame that must come from the server.</summary>
internal readonly record struct Reply(byte Opcode, byte[] Payload)
{
    public static Reply Text(string text) => new(RawFrame.TextOpcode, Utf8Bytes(text));

    public static Reply Text(byte[] text) => new(RawFrame.TextOpcode, text);

    public static Reply Binary(byte[] data) => new(RawFrame.BinaryOpcode, data);

    public static Reply Pong(string payload = "") => new(RawFrame.PongOpcode, Utf8Bytes(payload));

    public static Reply Pong(byte[] payload) => new(RawFrame.PongOpcode, payload);

    /// <summary>A message comes back as one frame; no extension is agreed on.</summary>
    public void AssertIs(RawFrame frame)
    {
        Assert.Equal((Opcode, true, 0, false), (frame.Opcode, frame.IsFinal, frame.ReservedBits, frame.IsMasked));
        Assert.True(
            frame.Payload.AsSpan().SequenceEqual(Payload),
            $"{Payload.Length} bytes must come back as they were sent; {frame.Payload.Length} came, which are others.");
    }
}
