using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using Waffle.WebSockets.Bench.Micro;

// What each step costs in time and memory: dotnet run -c Release --project bench/Micro -- --filter '*' [--job short]
var config = DefaultConfig.Instance
    .AddDiagnoser(new MemoryDiagnoser(new MemoryDiagnoserConfig(displayGenColumns: false)))
    .HideColumns(Column.Error, Column.StdDev, Column.Median, Column.RatioSD)
    .WithBuildTimeout(TimeSpan.FromMinutes(10))
    .WithOptions(ConfigOptions.DisableLogFile);
var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroResults).Assembly).Run(args, config).ToList();
await MicroResults.WriteAsync(summaries);
