using System.Text;
using Waffle.WebSockets.Bench.Load.Generator.Payloads;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class StampTests
{
    [Fact]
    public void A_stamp_is_text_of_39_characters()
    {
        var text = new byte[Stamp.Length];
        new Stamp(Publisher: 10, Sequence: 255, Time: 4096).Write(text);

        Assert.Equal("wf:0000000a0000000000ff0000000000001000", Encoding.ASCII.GetString(text));
        Assert.Equal(39, Stamp.Length);
    }

    [Theory]
    [InlineData(0u, 0L, 0L)]
    [InlineData(uint.MaxValue, 0xffff_ffff_ffffL, long.MaxValue)]
    public void What_was_written_is_read(uint publisher, long sequence, long time)
    {
        var text = new byte[Stamp.Length];
        var stamp = new Stamp(publisher, sequence, time);
        stamp.Write(text);

        Assert.True(Stamp.TryRead(text, out var read));
        Assert.Equal(stamp, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wf:0000000a0000000000ff000000000000100")]
    [InlineData("wg:0000000a0000000000ff0000000000001000")]
    [InlineData("wf:0000000a00000000x0ff0000000000001000")]
    public void Other_text_is_no_stamp(string text)
    {
        Assert.False(Stamp.TryRead(Encoding.ASCII.GetBytes(text), out _));
    }
}
