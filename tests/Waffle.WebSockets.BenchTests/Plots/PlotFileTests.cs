using System.Text.Json;
using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.BenchTests.Plots;

public sealed class PlotFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private readonly Plot _plot = new(
        "costs", "Costs", new PlotAxis("Members"), new PlotAxis("CPU", "µs"), [new PlotSeries("ours", [new(100, 0.5)], IsReference: true)], "Somewhere");

    [Fact]
    public async Task Plots_are_read_from_the_growth_part_of_results()
    {
        var path = Path.Combine(_folder.FullName, "results.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new { other = 1, growth = new[] { _plot } }, PlotFile.JsonOptions));

        var read = Assert.Single(await PlotFile.ReadAsync(path));

        Assert.Equivalent(_plot, read, strict: true);
        Assert.Equal(SvgPlot.Render(_plot), SvgPlot.Render(read));
    }

    [Fact]
    public async Task Results_without_growth_have_no_plots()
    {
        var path = Path.Combine(_folder.FullName, "results.json");
        await File.WriteAllTextAsync(path, "{}");

        Assert.Empty(await PlotFile.ReadAsync(path));
    }

    [Fact]
    public async Task An_image_has_the_name_of_its_plot()
    {
        await PlotFile.WriteImagesAsync(Path.Combine(_folder.FullName, "images"), [_plot]);

        Assert.StartsWith("<svg", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "images", "costs.svg")));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
