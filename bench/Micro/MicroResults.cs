using System.Globalization;
using System.Reflection;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Waffle.WebSockets.Bench.Plots;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Micro;

/// <summary>Keeps the results of a run of all benchmarks in the repository.</summary>
internal static class MicroResults
{
    public static async Task WriteAsync(IReadOnlyCollection<Summary> summaries)
    {
        var ran = summaries.SelectMany(static summary => summary.Reports)
            .Where(static report => report.ResultStatistics is not null)
            .GroupBy(static report => report.BenchmarkCase.Descriptor.Type)
            .OrderBy(static group => group.Key.Name, StringComparer.Ordinal)
            .ToList();
        if (ran.Count < CountClasses())
        {
            Console.WriteLine("Not all benchmarks ran, so bench/results/micro.md stays as it is.");
            return;
        }

        var path = Path.Combine(RepositoryFolder.Path, "bench", "results", "micro.md");
        await File.WriteAllTextAsync(path, Render(summaries.First(), ran));
        Console.WriteLine($"Written: {path}");
    }

    private static int CountClasses() => typeof(MicroResults).Assembly.GetTypes()
        .Count(static type => type.GetMethods().Any(static method => method.IsDefined(typeof(BenchmarkAttribute))));

    private static string Render(Summary first, IEnumerable<IGrouping<Type, BenchmarkReport>> ran)
    {
        var text = new StringBuilder("# Micro benchmarks\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}, {first.HostEnvironmentInfo.Cpu.Value?.ProcessorName}, ");
        text.Append(CultureInfo.InvariantCulture, $".NET {Environment.Version}, job {first.Reports[0].BenchmarkCase.Job.DisplayInfo}.\n");
        text.Append("Command: `dotnet run -c Release --project bench/Micro -- --filter '*'`\n");
        foreach (var group in ran)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {group.Key.Name}\n\n| | with | time | allocated |\n|---|---|--:|--:|\n");
            foreach (var report in group)
            {
                text.Append(RenderRow(report.BenchmarkCase, report));
            }
        }

        return text.ToString();
    }

    private static string RenderRow(BenchmarkCase benchmark, BenchmarkReport report)
    {
        var parameters = string.Join(", ", benchmark.Parameters.Items.Select(static item => $"{item.Name} {item.Value}"));
        var allocated = report.GcStats.GetBytesAllocatedPerOperation(benchmark);
        var what = benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');
        return string.Create(CultureInfo.InvariantCulture, $"| {what} | {parameters} | {Time(report.ResultStatistics!.Mean)} | {allocated:N0} B |\n");
    }

    private static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => $"{PlotNumber.Format(nanoseconds)} ns",
        < 1e6 => $"{PlotNumber.Format(nanoseconds / 1e3)} µs",
        _ => $"{PlotNumber.Format(nanoseconds / 1e6)} ms",
    };
}
