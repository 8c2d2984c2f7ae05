using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>The results for programs: every run, and the medians.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Write(BenchResults results)
    {
        var summaries =
            from workload in results.Workloads
            from peer in results.Peers
            let summary = results.Summarize(workload.Name, peer.Name)
            where summary is not null
            select new { workload = workload.Name, workload.Group, peer = peer.Name, workload.Unit, summary };
        return JsonSerializer.Serialize(
            new
            {
                results.Started,
                results.Machine,
                results.Pinned,
                results.Spin,
                results.Rounds,
                results.Seconds,
                results.Peers,
                results.Workloads,
                medians = summaries.ToArray(),
                growth = GrowthPlots.Create(results),
                results.Runs,
                results.Declined,
            },
            _options) + "\n";
    }
}
