using Waffle.WebSockets.Bench.Growth;
using Waffle.WebSockets.Bench.Plots;
using Waffle.WebSockets.TestKit;

// How costs grow with the numbers of members, rooms and connections: dotnet run -c Release --project bench/Growth [-- --quick]
// Draws the part "growth" of other results: dotnet run -c Release --project bench/Growth -- plot bench/results/load.json
var images = Path.Combine(RepositoryFolder.Path, "docs", "images");
if (args is ["plot", var results])
{
    await PlotFile.WriteImagesAsync(images, await PlotFile.ReadAsync(results));
    return;
}

var sizes = args.Contains("--quick") ? GrowthSizes.Quick : GrowthSizes.Full;
var plots = new List<Plot>();
foreach (var measure in (Func<GrowthSizes, Task<Plot>>[])[BroadcastGrowth.MeasureAsync, MemberGrowth.MeasureAsync, RoomGrowth.MeasureAsync, JoinGrowth.MeasureAsync, MemoryGrowth.MeasureAsync])
{
    var plot = await measure(sizes);
    Console.WriteLine($"## {plot.Title}\n\n{PlotTable.Render(plot)}");
    plots.Add(plot);
}

await GrowthReport.WriteAsync(Path.Combine(RepositoryFolder.Path, "bench", "results"), plots);
await PlotFile.WriteImagesAsync(images, plots);
