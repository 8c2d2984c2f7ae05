using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.BenchTests.Plots;

public sealed class LogScaleTests
{
    [Theory]
    [InlineData(100, 100_000, 100, 100_000)]
    [InlineData(130, 90_000, 100, 100_000)]
    [InlineData(0.3, 41, 0.2, 50)]
    [InlineData(0.001, 0.5, 0.001, 0.5)]
    [InlineData(5, 600, 5, 1000)]
    public void It_goes_from_a_round_number_to_a_round_number(double least, double most, double lowest, double highest)
    {
        var scale = new LogScale([least, most], 0, 100, leastDecades: 0);

        Assert.Equal(lowest, scale.Lowest, 1e-9);
        Assert.Equal(highest, scale.Highest, 1e-9);
    }

    [Fact]
    public void A_power_of_ten_takes_the_same_room_everywhere()
    {
        var scale = new LogScale([1, 1000], 30, 330, leastDecades: 1);

        Assert.Equal([30, 130, 230, 330], new double[] { 1, 10, 100, 1000 }.Select(value => Math.Round(scale.Place(value), 6)));
    }

    [Fact]
    public void It_may_run_upwards()
    {
        var scale = new LogScale([1, 100], 300, 100, leastDecades: 1);

        Assert.Equal([300, 200, 100], new double[] { 1, 10, 100 }.Select(value => Math.Round(scale.Place(value), 6)));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(0.012)]
    public void What_is_flat_has_as_many_decades_as_are_asked_for(double value)
    {
        var scale = new LogScale([value], 0, 100, leastDecades: 2);

        Assert.True(scale.Highest / scale.Lowest >= 99.9);
        Assert.InRange(scale.Place(value), 25, 75);
    }

    [Fact]
    public void Few_decades_are_labelled_at_their_steps()
    {
        var ticks = new LogScale([1, 50], 0, 100, leastDecades: 1).Ticks().ToList();

        Assert.Equal([1, 2, 5, 10, 20, 50], ticks.Select(tick => Math.Round(tick.Value, 9)));
        Assert.All(ticks, tick => Assert.True(tick.IsLabelled));
    }

    [Fact]
    public void Many_decades_are_labelled_at_powers_of_ten()
    {
        var ticks = new LogScale([1, 10_000], 0, 100, leastDecades: 1).Ticks();

        Assert.Equal([1, 10, 100, 1000, 10_000], ticks.Where(tick => tick.IsLabelled).Select(tick => Math.Round(tick.Value, 9)));
    }
}
