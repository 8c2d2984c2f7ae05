using Waffle.WebSockets.Soak.Report;

namespace Waffle.WebSockets.SoakTests;

public class SlopeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(120)]
    [InlineData(-36)]
    public void Points_on_a_line_have_its_slope_and_no_error(double perHour)
    {
        var slope = Slope.Of([.. Enumerable.Range(3, 20).Select(i => (TimeSpan.FromMinutes(i), 1_000 + (perHour * i / 60)))]);

        Assert.Equal(perHour, slope.PerHour, 6);
        Assert.Equal(0, slope.Error, 6);
    }

    // By hand: times 0, 1, 2, 3 h; values 1, 3, 2, 6; means 1.5 and 3; 7 / 5; residuals 0.1, 0.7, -1.7, 0.9: sqrt(4.2 / 2 / 5).
    [Fact]
    public void Points_beside_a_line_have_the_least_squares_slope_and_its_standard_error()
    {
        var slope = Slope.Of([.. new[] { 1.0, 3, 2, 6 }.Select((value, hour) => (TimeSpan.FromHours(hour), value))]);

        Assert.Equal(1.4, slope.PerHour, 9);
        Assert.Equal(Math.Sqrt(4.2 / 2 / 5), slope.Error, 9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_less_than_three_points_nothing_is_sure(int count)
    {
        var slope = Slope.Of([.. Enumerable.Range(0, count).Select(i => (TimeSpan.FromHours(i), 5.0 * i))]);

        Assert.Equal((count == 2 ? 5 : 0, double.PositiveInfinity), (slope.PerHour, slope.Error));
    }

    [Fact]
    public void Points_of_one_moment_have_no_slope()
    {
        var slope = Slope.Of([(TimeSpan.FromHours(1), 1), (TimeSpan.FromHours(1), 2), (TimeSpan.FromHours(1), 3)]);

        Assert.Equal((0, double.PositiveInfinity), (slope.PerHour, slope.Error));
    }
}
