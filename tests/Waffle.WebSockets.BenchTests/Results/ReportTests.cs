using System.Text.Json;
using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Generator.Measuring;
using Waffle.WebSockets.Bench.Load.Processes;
using Waffle.WebSockets.Bench.Load.Results;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.BenchTests.Results;

public sealed class ReportTests
{
    [Fact]
    public void The_table_has_figures_ratios_failures_and_what_is_missing()
    {
        var markdown = MarkdownReport.Write(CreateResults());

        Assert.Contains(
            "| floor | 5.0 (1.00) |\n| waffle | 6.5 (1.30) |\n| liar | failed [1] |\n| shy | – [2] |\n",
            markdown,
            StringComparison.Ordinal);
        Assert.Contains("| waffle | 500; 12.0 µs, 2.0 ms |\n", markdown, StringComparison.Ordinal);
        Assert.Contains("- [1] It lost one.\n- [2] It has no rooms.\n", markdown, StringComparison.Ordinal);
        Assert.Contains("Written by `./bench.sh --rounds 1` on 1970-01-01", markdown, StringComparison.Ordinal);
        Assert.Contains("| absent | gone | not measured: No compiler. |\n", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_servers_the_table_tells_who_has_worked_for_a_message()
    {
        var workload = WorkloadList.All.Single(workload => workload.Name == "two-servers-100");
        var results = CreateResults(workload);
        results.Peers.Add(new PeerResult("pair", "two", "5", Missing: null));
        var pair = Report(microsecondsEach: 8);
        results.Runs.Add(Run(results, "pair", pair with
        {
            Interval = pair.Interval! with { SecondServerSeconds = 0.006, EngineSeconds = 0.0005 },
        }));
        var markdown = MarkdownReport.Write(results);

        Assert.Contains("| waffle | 650, –; – |\n", markdown, StringComparison.Ordinal);
        Assert.Contains("| pair | 200, 600; 50 |\n", markdown, StringComparison.Ordinal);
        Assert.Contains("| pair | 8.0 (1.60) |\n", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_has_every_run_and_the_medians()
    {
        using var json = JsonDocument.Parse(JsonReport.Write(CreateResults()));

        Assert.Equal(3, json.RootElement.GetProperty("runs").GetArrayLength());
        var medians = json.RootElement.GetProperty("medians").EnumerateArray();
        var waffle = medians.Single(median => median.GetProperty("peer").GetString() == "waffle");
        Assert.Equal("delivery", waffle.GetProperty("unit").GetString());
        Assert.Equal(1.3, waffle.GetProperty("summary").GetProperty("ratioToFloor").GetDouble(), precision: 6);
    }

    private static BenchResults CreateResults() => CreateResults(WorkloadList.All[0]);

    private static BenchResults CreateResults(Workload workload)
    {
        var results = new BenchResults
        {
            Started = DateTimeOffset.UnixEpoch,
            Command = "./bench.sh --rounds 1",
            Machine = new Machine("A processor", 2, "A kernel", 0.5),
            Pinned = true,
            Spin = false,
            Rounds = 1,
            Seconds = 1,
            Workloads = [workload],
        };
        results.Peers.AddRange(
        [
            new PeerResult("floor", "C", "1", Missing: null),
            new PeerResult("waffle", "ours", "2", Missing: null),
            new PeerResult("liar", "bad", "3", Missing: null),
            new PeerResult("shy", "small", "4", Missing: null),
            new PeerResult("absent", "gone", Version: null, "No compiler."),
        ]);
        results.Runs.AddRange(
        [
            Run(results, "floor", Report(microsecondsEach: 5)),
            Run(results, "waffle", Report(microsecondsEach: 6.5)),
            Run(results, "liar", new GeneratorReport { Failure = "It lost one." }),
        ]);
        results.Declined.Add(new DeclinedWorkload(results.Workloads[0].Name, "shy", "It has no rooms."));
        return results;
    }

    private static RunResult Run(BenchResults results, string peer, GeneratorReport report) =>
        new(results.Workloads[0].Name, peer, Round: 0, report);

    private static GeneratorReport Report(double microsecondsEach) => new()
    {
        Interval = new MeasuredInterval
        {
            Count = 1000,
            Seconds = 2,
            ServerSeconds = microsecondsEach / 1000,
            GeneratorSeconds = 1,
            P50Microseconds = 12,
            P99Microseconds = 2000,
        },
    };
}
