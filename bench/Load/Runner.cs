using System.Text.Json;
using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Processes;
using Waffle.WebSockets.Bench.Load.Results;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load;

/// <summary>Measures one workload after the other: all servers are alive at once, and each has its turn in each round.</summary>
internal sealed class Runner(BenchOptions options, Cores cores, BenchResults results, Progress progress)
{
    // What is measured then is thrown away.
    private const double SecondsOfRehearsal = 0.1;

    public async Task RunAsync(IReadOnlyList<Peer> peers, CancellationToken cancellationToken)
    {
        foreach (var workload in results.Workloads)
        {
            var participants = peers
                .Where(peer => Schedule.RoundsFor(options, workload, peer) > 0)
                .Where(peer => MayTakePart(workload, peer))
                .ToArray();
            if (workload.Kind == LoadKind.Memory)
            {
                await MeasureMemoryAsync(workload, participants, cancellationToken);
            }
            else
            {
                await MeasureInTurnAsync(workload, participants, cancellationToken);
            }
        }
    }

    private bool MayTakePart(Workload workload, Peer peer)
    {
        if (peer.WhyNot(workload.ConversationOf(0)) is not { } reason)
        {
            return true;
        }

        results.Declined.Add(new DeclinedWorkload(workload.Name, peer.Name, reason));
        progress.Skip(Schedule.RoundsFor(options, workload, peer));
        return false;
    }

    private async Task MeasureInTurnAsync(Workload workload, IReadOnlyList<Peer> peers, CancellationToken cancellationToken)
    {
        var servers = new List<RunningServer>();
        try
        {
            foreach (var peer in peers)
            {
                if (await StartAsync(workload, peer, round: 0, cancellationToken) is { } server)
                {
                    servers.Add(server);
                }
            }

            await RehearseAsync(workload, servers, cancellationToken);
            for (var round = 0; round < options.Rounds; round++)
            {
                foreach (var server in servers.Where(server => round < Schedule.RoundsFor(options, workload, server.Peer)))
                {
                    await Quiet.WaitAsync(servers, cancellationToken);
                    await MeasureAsync(workload, server, round, cancellationToken);
                }
            }
        }
        finally
        {
            await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        }
    }

    // What a process has held before would be in the figure.
    private async Task MeasureMemoryAsync(Workload workload, IReadOnlyList<Peer> peers, CancellationToken cancellationToken)
    {
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var peer in peers.Where(peer => round < Schedule.RoundsFor(options, workload, peer)))
            {
                if (await StartAsync(workload, peer, round, cancellationToken) is { } server)
                {
                    await using (server)
                    {
                        await MeasureAsync(workload, server, round, cancellationToken);
                    }
                }
            }
        }
    }

    private async Task<RunningServer?> StartAsync(Workload workload, Peer peer, int round, CancellationToken cancellationToken)
    {
        try
        {
            return await RunningServer.StartAsync(peer, cores, cancellationToken);
        }
        catch (CommandFailedException failure)
        {
            Add(workload, peer, round, new GeneratorReport { Failure = failure.Message });
            return null;
        }
    }

    // Opens and closes all connections, too, so that this is compiled as well.
    private async Task RehearseAsync(Workload workload, IReadOnlyList<RunningServer> servers, CancellationToken cancellationToken)
    {
        foreach (var server in servers)
        {
            var seconds = options.RehearsalSecondsFor(workload, server.Peer) / Schedule.RehearsalsOf(workload);
            for (var i = 0; i < Schedule.RehearsalsOf(workload); i++)
            {
                await GenerateAsync(workload, server, seconds, SecondsOfRehearsal, cancellationToken);
            }
        }
    }

    private async Task MeasureAsync(Workload workload, RunningServer server, int round, CancellationToken cancellationToken) =>
        Add(workload, server.Peer, round, await GenerateAsync(workload, server, options.WarmUpSeconds, options.Seconds, cancellationToken));

    private async Task<GeneratorReport> GenerateAsync(
        Workload workload, RunningServer server, double warmUpSeconds, double seconds, CancellationToken cancellationToken)
    {
        var plan = new GeneratorPlan
        {
            Peer = server.Peer.Name,
            Servers = server.Places,
            EngineProcess = server.EngineProcess,
            Workload = workload,
            WarmUpSeconds = warmUpSeconds,
            Seconds = seconds,
            Spin = options.Spin,
        };
        var json = JsonSerializer.Serialize(plan, JsonSerializerOptions.Web);
        var command = cores.PinGenerator(new Command("dotnet", [typeof(Runner).Assembly.Location, "generate", json]));
        try
        {
            return JsonSerializer.Deserialize<GeneratorReport>(await command.RunAsync(cancellationToken), JsonSerializerOptions.Web)!;
        }
        catch (CommandFailedException failure)
        {
            return new GeneratorReport { Failure = failure.Message };
        }
    }

    private void Add(Workload workload, Peer peer, int round, GeneratorReport report)
    {
        var result = new RunResult(workload.Name, peer.Name, round, report);
        results.Runs.Add(result);
        progress.Tell(workload, result);
    }
}
