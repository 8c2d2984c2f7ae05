using System.Globalization;
using Waffle.WebSockets.Bench.Load.Generator.Native;
using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Processes;
using Waffle.WebSockets.Bench.Load.Results;
using Waffle.WebSockets.Bench.Load.Workloads;
using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.Bench.Load;

/// <summary>The whole: builds the servers, measures, and writes the results.</summary>
internal sealed class Bench(BenchOptions options, TextWriter output)
{
    /// <summary>Returns whether no run failed.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var cores = Cores.Read();
        var results = new BenchResults
        {
            Started = DateTimeOffset.UtcNow,
            Command = options.Command,
            Machine = Machine.Read(),
            Pinned = cores.ArePinned,
            Spin = options.Spin,
            Rounds = options.Rounds,
            Seconds = options.Seconds,
            Workloads = LimitConnections(),
        };
        var peers = await BuildAsync(results, cancellationToken);
        var schedule = new Schedule(options, results.Workloads, peers);
        output.WriteLine($"{schedule.Runs} runs, which take about {Math.Ceiling(schedule.Seconds / 60)} min.");

        var progress = new Progress(output, schedule.Runs);
        try
        {
            await new Runner(options, cores, results, progress).RunAsync(peers, cancellationToken);
        }
        finally
        {
            await WriteAsync(results);
        }

        return results.Runs.TrueForAll(run => run.Report.Failure is null);
    }

    private IReadOnlyList<Workload> LimitConnections()
    {
        var allowed = OpenFiles.RaiseLimit();
        if (options.Workloads.Any(workload => workload.Connections > allowed))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"A process may have {allowed:N0} connections here: workloads with more are measured with so many."));
        }

        return [.. options.Workloads.Select(workload => workload.LimitTo(allowed))];
    }

    private async Task<IReadOnlyList<Peer>> BuildAsync(BenchResults results, CancellationToken cancellationToken)
    {
        var peers = new List<Peer>();
        foreach (var peer in PeerList.All.Where(peer => peer == PeerList.Floor || (options.Peers.Contains(peer) && IsMeasured(peer))))
        {
            output.WriteLine($"Building {peer.Name}");
            var missing = await peer.BuildAsync(cancellationToken);
            if (missing is null)
            {
                peers.Add(peer);
            }
            else
            {
                output.WriteLine($"{peer.Name} cannot be measured: {missing}");
            }

            var version = missing is null ? await peer.ReadVersionAsync(cancellationToken) : null;
            results.Peers.Add(new PeerResult(peer.Name, peer.Description, version, missing));
        }

        return peers;
    }

    private bool IsMeasured(Peer peer) => options.Workloads.Any(workload => Schedule.RoundsFor(options, workload, peer) > 0);

    private async Task WriteAsync(BenchResults results)
    {
        Directory.CreateDirectory(options.Output);
        var markdown = Path.Combine(options.Output, "load.md");
        await File.WriteAllTextAsync(markdown, MarkdownReport.Write(results), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(options.Output, "load.json"), JsonReport.Write(results), CancellationToken.None);
        if (options.Output.StartsWith(RepositoryPaths.In("bench/results"), StringComparison.Ordinal))
        {
            await PlotFile.WriteImagesAsync(RepositoryPaths.In("docs/images"), GrowthPlots.Create(results));
        }

        output.WriteLine($"Written: {markdown}, and load.json beside it.");
    }
}
