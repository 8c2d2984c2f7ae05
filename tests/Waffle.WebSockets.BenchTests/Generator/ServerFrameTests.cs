using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Generator.Frames;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class ServerFrameTests
{
    [Theory]
    [InlineData(new byte[] { 0x81, 0x05 }, 2, 5)]
    [InlineData(new byte[] { 0x81, 0x7e, 0x01, 0x00 }, 4, 256)]
    [InlineData(new byte[] { 0x81, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0 }, 10, 65_536)]
    public void A_header_tells_how_long_its_frame_is(byte[] header, int headerLength, int payloadLength)
    {
        Assert.True(ServerFrame.TryRead(header, out var frame));
        Assert.Equal(new ServerFrame(FrameKind.Text, IsFinal: true, IsCompressed: false, headerLength, payloadLength), frame);
        Assert.Equal(headerLength + payloadLength, frame.Length);

        for (var length = 0; length < headerLength; length++)
        {
            Assert.False(ServerFrame.TryRead(header.AsSpan(0, length), out _));
        }
    }

    [Theory]
    [InlineData(0x01, FrameKind.Text, false, false)]
    [InlineData(0xc2, FrameKind.Binary, true, true)]
    [InlineData(0x80, FrameKind.Continuation, true, false)]
    [InlineData(0x8a, FrameKind.Pong, true, false)]
    public void A_header_tells_what_its_frame_is(byte first, object kind, bool isFinal, bool isCompressed)
    {
        Assert.True(ServerFrame.TryRead([first, 0], out var frame));
        Assert.Equal(new ServerFrame((FrameKind)kind, isFinal, isCompressed, 2, 0), frame);
    }

    [Theory]
    [InlineData(new byte[] { 0x81, 0x81 })]
    [InlineData(new byte[] { 0x91, 0x00 })]
    [InlineData(new byte[] { 0xa1, 0x00 })]
    [InlineData(new byte[] { 0x83, 0x00 })]
    [InlineData(new byte[] { 0x8b, 0x00 })]
    [InlineData(new byte[] { 0x81, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 0 })]
    public void What_no_server_may_send_fails_the_run(byte[] header)
    {
        Assert.Throws<RunFailedException>(() => ServerFrame.TryRead(header, out _));
    }
}
