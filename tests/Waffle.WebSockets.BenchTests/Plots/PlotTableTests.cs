using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.BenchTests.Plots;

public sealed class PlotTableTests
{
    [Fact]
    public void A_size_has_a_row_and_a_series_a_column()
    {
        var plot = new Plot(
            "costs",
            "Costs",
            new PlotAxis("Members"),
            new PlotAxis("CPU", "µs"),
            [new PlotSeries("ours", [new(100, 0.123456), new(1000, 12)]), new PlotSeries("theirs", [new(1000, 1234.6)])]);

        Assert.Equal(
            """
            | Members | ours | theirs |
            |--:|--:|--:|
            | 100 | 0.123 | – |
            | 1,000 | 12 | 1,235 |

            """,
            PlotTable.Render(plot),
            ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0012345, "0.00123")]
    [InlineData(0.1, "0.1")]
    [InlineData(9.999, "10")]
    [InlineData(41.26, "41.3")]
    [InlineData(100, "100")]
    [InlineData(123456.7, "123,457")]
    public void Numbers_have_three_digits(double value, string text) => Assert.Equal(text, PlotNumber.Format(value));
}
