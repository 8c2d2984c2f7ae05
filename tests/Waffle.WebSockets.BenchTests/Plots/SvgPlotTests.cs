using System.Globalization;
using System.Xml.Linq;
using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.BenchTests.Plots;

public sealed class SvgPlotTests
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    private static readonly Plot _plot = new(
        "costs",
        "Costs & <benefits>",
        new PlotAxis("Members"),
        new PlotAxis("CPU", "µs"),
        [
            new PlotSeries("ours", [new(100, 0.2), new(1000, 0.21), new(10_000, 0.3)]),
            new PlotSeries("theirs", [new(100, 2), new(10_000, 30)]),
            new PlotSeries("limit", [new(100, 0.19), new(10_000, 0.2)], IsReference: true),
        ],
        "Somewhere");

    [Fact]
    public void Each_series_has_a_line_with_a_mark_at_each_point()
    {
        var lines = Drawing(_plot).Descendants(_svg + "polyline").ToList();

        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.Equal(
            ((string)line.Attribute("points")!).Split(' ').Length, line.Parent!.Elements().Count(element => (string?)element.Attribute("class") == "mark")));
    }

    [Fact]
    public void Title_axes_legend_and_ends_are_labelled()
    {
        var texts = Drawing(_plot).Descendants(_svg + "text").Select(text => text.Value).ToList();

        string[] expected =
            ["Costs & <benefits>", "Members", "CPU (µs)", "100", "10,000", "ours", "theirs", "limit", "ours 0.3", "theirs 30", "limit 0.2", "Somewhere"];
        Assert.All(expected, text => Assert.Contains(text, texts));
    }

    [Fact]
    public void More_is_further_right_and_further_up()
    {
        var points = ((string)Drawing(_plot).Descendants(_svg + "polyline").Last().Attribute("points")!).Split(' ')
            .Select(point => point.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())
            .ToArray();

        Assert.True(points[0][0] < points[^1][0]);
        Assert.True(points[0][1] > points[^1][1]);
    }

    [Fact]
    public void It_follows_the_readers_theme_and_needs_nothing_from_elsewhere()
    {
        var svg = SvgPlot.Render(_plot);

        Assert.Contains("prefers-color-scheme: dark", svg);
        Assert.DoesNotContain("script", svg);
        Assert.DoesNotContain("url(", svg);
        Assert.DoesNotContain("@import", svg);
        Assert.DoesNotContain("href", svg);
    }

    [Fact]
    public void All_text_is_inside_the_image()
    {
        var many = _plot with
        {
            Series = [.. Enumerable.Range(0, 8).Select(number => new PlotSeries($"a server with a long name {number}", [new(1, 1), new(10, 1.01 + (number / 1000.0))]))],
        };
        var drawing = Drawing(many);
        var (width, height) = ((double)drawing.Attribute("width")!, (double)drawing.Attribute("height")!);
        var labels = drawing.Descendants(_svg + "text").Where(text => text.Attribute("transform") is null).ToList();

        Assert.All(labels, label => Assert.InRange((double)label.Attribute("y")!, 10, height - 4));
        Assert.All(labels, label => Assert.InRange((double)label.Attribute("x")!, 0, width));
        Assert.Equal(8, labels.Where(label => (string?)label.Attribute("class") == "own").Select(label => (string)label.Attribute("y")!).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_value_without_a_logarithm_is_refused(double value)
    {
        var plot = _plot with { Series = [new PlotSeries("ours", [new(1, value)])] };

        Assert.Throws<ArgumentException>(() => SvgPlot.Render(plot));
    }

    private static XElement Drawing(Plot plot) => XDocument.Parse(SvgPlot.Render(plot)).Root!;
}
