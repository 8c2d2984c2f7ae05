using System.Text;
using CsCheck;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Protocol;

public class FrameHeaderWriterTests
{
    private static readonly MaskingKey _key = MaskingKey.Read(Wire.Mask);

    // The examples of RFC 6455 5.7.
    [Theory]
    [InlineData("8105", true, Opcode.Text, 5, false)]
    [InlineData("818537FA213D", true, Opcode.Text, 5, true)]
    [InlineData("0103", false, Opcode.Text, 3, false)]
    [InlineData("8002", true, Opcode.Continuation, 2, false)]
    [InlineData("8905", true, Opcode.Ping, 5, false)]
    [InlineData("8A8537FA213D", true, Opcode.Pong, 5, true)]
    [InlineData("827E0100", true, Opcode.Binary, 256, false)]
    [InlineData("827F0000000000010000", true, Opcode.Binary, 65_536, false)]
    [InlineData("827F7FFFFFFFFFFFFFFF", true, Opcode.Binary, long.MaxValue, false)]
    internal void Headers_look_as_in_the_RFC(string hex, bool isFinal, Opcode opcode, long length, bool isMasked) =>
        Assert.Equal(hex, Write(new FrameHeader(isFinal, false, opcode, length, isMasked ? _key : null)));

    [Fact]
    public void RSV1_is_the_second_bit() => Assert.Equal("C100", Write(new FrameHeader(true, true, Opcode.Text, 0, null)));

    [Fact]
    public void The_shortest_length_form_is_used_around_every_limit()
    {
        foreach (var length in Enumerable.Range(120, 11).Concat(Enumerable.Range(65_530, 11)))
        {
            foreach (var mask in new[] { null, Wire.Mask })
            {
                var frame = RawFrame.Encode(RawFrame.BinaryOpcode, new byte[length], mask: mask);
                var header = new FrameHeader(true, false, Opcode.Binary, length, mask is null ? null : _key);
                Assert.Equal(Convert.ToHexString(frame.AsSpan(0, frame.Length - length)), Write(header));
            }
        }
    }

    [Theory]
    [InlineData(41, "817B")]
    [InlineData(42, "817E007E")]
    [InlineData(43, "817E0081")]
    public void Lengths_count_bytes_not_characters(int characters, string header)
    {
        var text = Encoding.UTF8.GetBytes(new string('\u20AC', characters));
        Assert.Equal(header, Write(new FrameHeader(true, false, Opcode.Text, text.Length, null)));
    }

    [Fact]
    public void What_was_written_reads_back_equal()
    {
        var headers = from isFinal in Gen.Bool
                      from rsv1 in Gen.Bool
                      from opcode in Gen.OneOf(Opcode.Continuation, Opcode.Text, Opcode.Binary, Opcode.Close, Opcode.Ping, Opcode.Pong)
                      from length in Gen.OneOf(Gen.Long[0, 200], Gen.Long[65_000, 66_000], Gen.Long[0, long.MaxValue])
                      from key in Gen.Byte.Array[4].Null()
                      select new FrameHeader(
                          isFinal || opcode.IsControl(),
                          rsv1 && opcode is Opcode.Text or Opcode.Binary,
                          opcode,
                          opcode.IsControl() ? Math.Min(length, 125) : length,
                          key is null ? null : MaskingKey.Read(key));

        headers.Sample(header =>
        {
            var bytes = Convert.FromHexString(Write(header));
            var role = header.MaskingKey is null ? EndpointRole.Client : EndpointRole.Server;
            Assert.Equal(FrameHeaderStatus.Done, FrameHeaderReader.Read(bytes, role, true, out var read, out var length, out _));
            Assert.Equal(header, read);
            Assert.Equal(bytes.Length, length);
        });
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var bytes = new byte[FrameHeader.MaxLength];
        var header = new FrameHeader(true, false, Opcode.Binary, 100_000, MaskingKey.Read([1, 2, 3, 4]));
        Assert.Equal(0, Allocation.Of(() => FrameHeaderWriter.Write(bytes, header)));
    }

    // Checks too that nothing is written behind the header, and that a destination of exactly its length does.
    private static string Write(FrameHeader header)
    {
        var bytes = new byte[FrameHeader.MaxLength + 2];
        bytes.AsSpan().Fill(0xDD);
        var length = FrameHeaderWriter.Write(bytes, header);
        Assert.True(bytes.AsSpan(length).IndexOfAnyExcept((byte)0xDD) < 0);

        var exact = new byte[length];
        Assert.Equal(length, FrameHeaderWriter.Write(exact, header));
        Assert.Equal(bytes[..length], exact);

        var masked = header.MaskingKey is null ? 0 : MaskingKey.Length;
        Assert.Equal(length, FrameHeaderWriter.GetUnmaskedLength(header.PayloadLength) + masked);
        return Convert.ToHexString(exact);
    }
}
