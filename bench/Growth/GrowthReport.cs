using System.Globalization;
using System.Text;
using System.Text.Json;
using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.Bench.Growth;

/// <summary>Keeps the results in the repository: as a page with tables, and as JSON from which the plots can be drawn again.</summary>
internal static class GrowthReport
{
    /// <summary>Where and when it is measured.</summary>
    public static string Note { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {FindProcessor()}, .NET {Environment.Version}");

    public static async Task WriteAsync(string folder, IReadOnlyList<Plot> plots)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "growth.json"), JsonSerializer.Serialize(new { note = Note, growth = plots }, PlotFile.JsonOptions) + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "growth.md"), Render(plots));
    }

    private static string Render(IReadOnlyList<Plot> plots)
    {
        var text = new StringBuilder($"# How costs grow\n\n{Note}; {Environment.ProcessorCount} cores. Command: `dotnet run -c Release --project bench/Growth`\n\n");
        text.Append("All in one process, with transports in memory: nothing of it is the network's or the kernel's. Costs are CPU time of the process, medians of several samples.\n");
        foreach (var plot in plots)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {plot.Title}\n\n{plot.Y}.\n\n{PlotTable.Render(plot)}\n![{plot.Title}](../../docs/images/{plot.Name}.svg)\n");
        }

        return text.ToString();
    }

    private static string FindProcessor()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? "unknown processor";
    }
}
