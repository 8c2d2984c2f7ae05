using Waffle.WebSockets.Bench.Load.Generator.Payloads;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class PayloadFinderTests
{
    private readonly PayloadFinder _finder = new();

    [Fact]
    public void A_payload_is_found_wherever_it_stands()
    {
        Assert.Equal(0, _finder.Find("wf:1"u8, 0));
        Assert.Equal(3, _finder.Find("42[wf:1]"u8, 0));
        Assert.Equal(3, _finder.Find("42[wf:1]"u8, 0));
        Assert.Equal(1, _finder.Find("4wf:1"u8, 0));
    }

    [Fact]
    public void Several_are_found_one_after_the_other()
    {
        var message = "<wf:1><wf:2>"u8;

        Assert.Equal(1, _finder.Find(message, 0));
        Assert.Equal(7, _finder.Find(message, 5));
        Assert.Equal(-1, _finder.Find(message, 11));
        Assert.Equal(-1, _finder.Find(message, 12));
    }

    [Fact]
    public void A_message_without_one_has_none()
    {
        _finder.Find("....wf:1"u8, 0);

        Assert.Equal(-1, _finder.Find("{}"u8, 0));
        Assert.Equal(-1, _finder.Find(""u8, 0));
    }
}
