using Waffle.WebSockets.Bench.Load.Results;

namespace Waffle.WebSockets.BenchTests.Results;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new double[] { 7 }, 7)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 9, 2 }, 3)]
    public void The_median_is_in_the_middle(double[] values, double median)
    {
        Assert.Equal(median, Statistics.Median(values));
    }

    [Fact]
    public void Nothing_has_no_median()
    {
        Assert.Throws<ArgumentException>(() => Statistics.Median([]));
    }
}
