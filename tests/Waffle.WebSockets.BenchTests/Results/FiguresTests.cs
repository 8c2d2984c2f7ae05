using Waffle.WebSockets.Bench.Load.Results;

namespace Waffle.WebSockets.BenchTests.Results;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.4567, "0.46")]
    [InlineData(7.04, "7.0")]
    [InlineData(39.6, "40")]
    [InlineData(123_456.7, "123,457")]
    public void A_figure_has_the_digits_that_it_deserves(double value, string text)
    {
        Assert.Equal(text, Figures.Format(value));
    }

    [Theory]
    [InlineData(12.3, "12.3 µs")]
    [InlineData(1500, "1.5 ms")]
    [InlineData(45_000, "45 ms")]
    public void A_duration_has_the_unit_that_fits(double microseconds, string text)
    {
        Assert.Equal(text, Figures.FormatDuration(microseconds));
    }
}
