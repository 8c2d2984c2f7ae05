using System.Text.Json;
using Waffle.WebSockets.Bench.Load.Generator.Native;
using Waffle.WebSockets.Bench.Load.Generator.Runs;
using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load.Generator;

/// <summary>Carries out one plan, on one thread; as a process of its own, so that it can have a core for itself.</summary>
internal static class LoadGenerator
{
    /// <summary>Reads a plan, and writes a report as one line.</summary>
    public static void Run(string plan, TextWriter output)
    {
        var parsed = JsonSerializer.Deserialize<GeneratorPlan>(plan, JsonSerializerOptions.Web)!;
        var report = Run(parsed, PeerList.Get(parsed.Peer));
        output.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
    }

    /// <param name="plan">What to do.</param>
    /// <param name="peer">The server that the plan names.</param>
    public static GeneratorReport Run(GeneratorPlan plan, Peer peer)
    {
        var workload = plan.Workload;
        var allowed = OpenFiles.RaiseLimit();
        if (workload.AllConnections > allowed)
        {
            return new GeneratorReport { Failure = $"This process may have only {allowed} connections, not {workload.AllConnections}." };
        }

        using LoadRun run = workload.Kind switch
        {
            LoadKind.FanOut => new FanOutRun(plan, peer),
            LoadKind.Echo => new EchoRun(plan, peer),
            LoadKind.Connect => new ConnectRun(plan, peer),
            LoadKind.Memory => new MemoryRun(plan, peer),
            _ => throw new ArgumentOutOfRangeException(nameof(plan), workload.Kind, "There is no such kind of load."),
        };
        return run.Run();
    }
}
