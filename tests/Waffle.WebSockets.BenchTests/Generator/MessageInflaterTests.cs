using System.Text;
using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Generator.Frames;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class MessageInflaterTests
{
    // "Hello", from RFC 7692, section 7.2.3: by fixed codes, stored, and with a last block.
    [Theory]
    [InlineData("f248cdc9c90700")]
    [InlineData("000500faff48656c6c6f00")]
    [InlineData("f348cdc9c9070000")]
    public void A_message_is_inflated_by_itself(string hexadecimal)
    {
        var inflater = new MessageInflater();

        Assert.Equal("Hello", Encoding.ASCII.GetString(inflater.Inflate(Convert.FromHexString(hexadecimal))));
        Assert.Equal("Hello", Encoding.ASCII.GetString(inflater.Inflate(Convert.FromHexString(hexadecimal))));
        Assert.Equal("Hello", Encoding.ASCII.GetString(inflater.Inflate(Convert.FromHexString("f248cdc9c90700"))));
    }

    [Fact]
    public void What_does_not_inflate_fails_the_run()
    {
        Assert.Throws<RunFailedException>(() => new MessageInflater().Inflate([0xff, 0xff, 0xff]).Length);
    }
}
