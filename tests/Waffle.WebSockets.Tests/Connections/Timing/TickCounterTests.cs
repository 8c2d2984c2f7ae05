using Waffle.WebSockets.Connections.Timing;

namespace Waffle.WebSockets.Tests.Connections.Timing;

public sealed class TickCounterTests
{
    private readonly TickCounter _counter = new(TimeProvider.System);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(49, 0)]
    [InlineData(50, 1)]
    [InlineData(99, 1)]
    [InlineData(100, 2)]
    [InlineData(249, 4)]
    public void Time_that_passed_is_counted(int milliseconds, int ticks) =>
        Assert.Equal(ticks, _counter.Count(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(250)]
    [InlineData(60_000)]
    public void A_call_that_is_much_too_late_counts_as_one(int milliseconds) =>
        Assert.Equal(1, _counter.Count(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void What_is_less_than_a_tick_is_kept()
    {
        var ticks = 0;
        for (var i = 0; i < 100; i++)
        {
            ticks += _counter.Count(TimeSpan.FromMilliseconds(51));
        }

        Assert.Equal(102, ticks);
    }
}
