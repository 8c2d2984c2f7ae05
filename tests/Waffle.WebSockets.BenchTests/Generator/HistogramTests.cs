using Waffle.WebSockets.Bench.Load.Generator.Measuring;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class HistogramTests
{
    [Fact]
    public void Nothing_has_quantiles_of_zero()
    {
        Assert.Equal(0, new Histogram().QuantileMicroseconds(0.5));
    }

    [Fact]
    public void Short_durations_are_exact()
    {
        for (var duration = 0; duration < 256; duration++)
        {
            Assert.Equal(duration / 1000.0, QuantileOf(duration), precision: 9);
        }
    }

    [Fact]
    public void Long_durations_are_within_a_hundredth()
    {
        for (long duration = 256; duration > 0; duration = duration * 5 / 4 > duration ? duration * 5 / 4 : 0)
        {
            Assert.InRange(QuantileOf(duration) * 1000 / duration, 0.99, 1.01);
        }
    }

    [Fact]
    public void A_quantile_is_what_that_part_stays_below()
    {
        var histogram = new Histogram();
        for (var i = 1; i <= 100; i++)
        {
            histogram.Add(i);
        }

        Assert.Equal(0.050, histogram.QuantileMicroseconds(0.5), precision: 9);
        Assert.Equal(0.099, histogram.QuantileMicroseconds(0.99), precision: 9);
        Assert.Equal(0.100, histogram.QuantileMicroseconds(1), precision: 9);
        Assert.Equal(100, histogram.Count);
    }

    [Fact]
    public void What_was_cleared_counts_no_more()
    {
        var histogram = new Histogram();
        histogram.Add(5);
        histogram.Clear();
        histogram.Add(7);

        Assert.Equal(0.007, histogram.QuantileMicroseconds(0.01), precision: 9);
        Assert.Equal(1, histogram.Count);
    }

    private static double QuantileOf(long duration)
    {
        var histogram = new Histogram();
        histogram.Add(duration);
        return histogram.QuantileMicroseconds(0.5);
    }
}
