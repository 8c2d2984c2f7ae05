using System.Globalization;
using Waffle.WebSockets.Bench.Load.Generator.Native;
using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Processes;
using Waffle.WebSockets.Bench.Load.Results;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load;

/// <summary>The whole: builds the servers, measures, and writes the results.</summary>
internal sealed class Bench(BenchOptions options, TextWriter output)
{
    // What a run takes beside its load: the generator's start, and opening connections.
    private const double SecondsForStart = 0.5;
    private const double SecondsForConnection = 0.0003;

    /// <summary>Returns whether no run failed.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var cores = Cores.Read();
        var results = new BenchResults
        {
            Started = DateTimeOffset.UtcNow,
            Machine = Machine.Read(),
            Pinned = cores.ArePinned,
            Spin = options.Spin,
            Rounds = options.Rounds,
            Seconds = options.Seconds,
            Workloads = LimitConnections(),
        };
        var peers = await BuildAsync(results, cancellationToken);
        var turns = (from workload in results.Workloads
                     from peer in peers
                     select (Workload: workload, Rounds: Runner.RoundsFor(options, workload, peer))).ToArray();
        var seconds = turns.Sum(turn => turn.Rounds * SecondsFor(turn.Workload));
        output.WriteLine($"{turns.Sum(turn => turn.Rounds)} runs, which take about {Math.Ceiling(seconds / 60)} min.");

        var progress = new Progress(output, turns.Sum(turn => turn.Rounds));
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
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A process may have {allowed:N0} connections here: workloads with more are measured with so many."));
        }

        return [.. options.Workloads.Select(workload => workload.LimitTo(allowed))];
    }

    private double SecondsFor(Workload workload) =>
        SecondsForStart + options.WarmUpSeconds(round: 1) + (workload.Connections * SecondsForConnection)
        + (options.Seconds * Math.Max(1, workload.Steps.Count + (workload.BroadcastAtEnd ? 1 : 0)));

    private async Task<IReadOnlyList<Peer>> BuildAsync(BenchResults results, CancellationToken cancellationToken)
    {
        var peers = new List<Peer>();
        foreach (var peer in options.Peers.Union([PeerList.Floor]).OrderBy(peer => PeerList.All.Index().First(place => place.Item == peer).Index))
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

    private async Task WriteAsync(BenchResults results)
    {
        Directory.CreateDirectory(options.Output);
        var markdown = Path.Combine(options.Output, "load.md");
        await File.WriteAllTextAsync(markdown, MarkdownReport.Write(results), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(options.Output, "load.json"), JsonReport.Write(results), CancellationToken.None);
        output.WriteLine($"Written: {markdown}, and load.json beside it.");
    }
}
