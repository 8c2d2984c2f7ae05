using Waffle.WebSockets.Bench.Load.Generator.Frames;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class ClientFrameTests
{
    private const uint Mask = 0xa1b2c3d4;

    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(65_535, 4)]
    [InlineData(65_536, 10)]
    public void A_frame_is_its_header_the_mask_and_the_masked_parts(int length, int headerLength)
    {
        var payload = new byte[length];
        new Random(1).NextBytes(payload);
        var frame = new byte[ClientFrame.LengthFor(length)];
        var (first, second) = (length / 3, length / 2);
        ClientFrame.Write(frame, FrameKind.Binary, payload.AsSpan(..first), payload.AsSpan(first..second), payload.AsSpan(second..), Mask);

        Assert.Equal(headerLength + 4 + length, frame.Length);
        Assert.Equal(0x82, frame[0]);
        Assert.Equal(0x80, frame[1] & 0x80);
        Assert.Equal(payload, Unmask(frame, headerLength));

        // The rest of the header is as in a server's frame.
        frame[1] &= 0x7f;
        Assert.True(ServerFrame.TryRead(frame, out var header));
        Assert.Equal((headerLength, length), (header.HeaderLength, header.PayloadLength));
    }

    [Fact]
    public void Keys_differ()
    {
        var keys = new MaskingKeys();

        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => keys.Next()).Distinct().Count());
    }

    private static byte[] Unmask(byte[] frame, int headerLength)
    {
        var mask = frame.AsSpan(headerLength, 4).ToArray();
        return [.. frame.Skip(headerLength + 4).Select((value, i) => (byte)(value ^ mask[i % 4]))];
    }
}
