using System.Runtime.CompilerServices;
using System.Text.Json;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Messages;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections.Outbound;

public sealed class OutboundFrameTests
{
    private const int LengthOfHeader = 10;
    private const int Shortest = 64;

    public static TheoryData<int> Lengths => [0, 1, 53, 54, 55, 118, 119, 125, 126, 246, 247, 502, 503, 504, 1000, 5000, 65_535, 65_536, 300_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void What_waits_holds_a_buffer_less_than_twice_as_long(int length)
    {
        var frame = OutboundFrame.Rent(Opcode.Binary, new byte[length]);
        AssertShort(frame);
        frame.Release();
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Also_as_JSON_whose_length_is_not_known_before(int length)
    {
        var text = new string('a', length);
        var frame = JsonFrame.Value(text, options: null);
        AssertShort(frame);
        Assert.Equal(RawFrame.Encode(RawFrame.TextOpcode, JsonSerializer.SerializeToUtf8Bytes(text)), frame.Bytes.ToArray());
        frame.Release();
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Also_compressed_however_long_it_was_before(int length)
    {
        var frame = OutboundFrame.Rent(Opcode.Text, new byte[length]);
        if (ConnectionCompression.CompressShared(frame, windowBits: 15) is { } compressed)
        {
            AssertShort(compressed);
            Assert.Equal((Opcode.Text, 0xC1), (compressed.Opcode, compressed.Bytes.Span[0]));
            compressed.Release();
        }

        frame.Release();
    }

    [Fact]
    public void A_frame_that_was_given_back_is_used_again_with_its_buffer()
    {
        Assert.SkipWhen(Protocol.Allocation.IsDebugBuild, "In a debug build the list of lengths is an object.");
        Assert.Equal(0, Protocol.Allocation.Of(static () =>
        {
            foreach (var length in (ReadOnlySpan<int>)[1, 100, 200, 400, 600])
            {
                var frame = OutboundFrame.Rent(length);
                frame.Advance(length);
                frame.Seal(Opcode.Binary);
                frame.Release();
            }
        }));
    }

    private static void AssertShort(OutboundFrame frame) =>
        Assert.InRange(Buffer(frame).Length, LengthOfHeader + frame.PayloadLength, Math.Max(Shortest, (2 * (LengthOfHeader + frame.PayloadLength)) - 1));

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_buffer")]
    private static extern ref byte[] Buffer(OutboundFrame frame);
}
