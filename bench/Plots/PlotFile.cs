using System.Text.Json;

namespace Waffle.WebSockets.Bench.Plots;

/// <summary>Plots in files: as images for the documentation, and as the part <c>growth</c> of a benchmark's results.</summary>
public static class PlotFile
{
    /// <summary>How results are written: plots are <c>{"name":…,"title":…,"x":{"title":…,"unit":…},"y":{…},"series":[{"name":…,"points":[{"x":…,"y":…}]}]}</c>.</summary>
    public static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads the plots in the member <c>growth</c> of a file of results; none if it has no such member.</summary>
    public static async Task<IReadOnlyList<Plot>> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        using var results = await JsonDocument.ParseAsync(file);
        return results.RootElement.TryGetProperty("growth", out var plots) ? plots.Deserialize<List<Plot>>(JsonOptions) ?? [] : [];
    }

    /// <summary>Draws each plot into a file of its name.</summary>
    public static async Task WriteImagesAsync(string folder, IEnumerable<Plot> plots)
    {
        Directory.CreateDirectory(folder);
        foreach (var plot in plots)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, plot.Name + ".svg"), SvgPlot.Render(plot) + "\n");
        }
    }
}
