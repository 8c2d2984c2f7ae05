using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Generator.Measuring;
using Waffle.WebSockets.Bench.Load.Results;

namespace Waffle.WebSockets.BenchTests.Results;

public sealed class SummaryTests
{
    [Fact]
    public void A_ratio_is_to_the_floor_of_the_same_round()
    {
        // Costs 10, 20, 90 against 10, 10, 30: the ratio of the medians would be 2 as well as 1 or 3.
        var summary = Summary.Create([Run(0, 10), Run(1, 20), Run(2, 90)], [Run(0, 10), Run(1, 5), Run(2, 30)]);

        Assert.Equal(20, summary.MicrosecondsEach!.Value, precision: 6);
        Assert.Equal(3, summary.RatioToFloor!.Value, precision: 6);
    }

    [Fact]
    public void Without_a_floor_there_is_no_ratio()
    {
        var summary = Summary.Create([Run(0, 10)], [Failed(0)]);

        Assert.Equal(10, summary.MicrosecondsEach!.Value, precision: 6);
        Assert.Null(summary.RatioToFloor);
    }

    [Fact]
    public void One_round_that_failed_takes_all_figures_away()
    {
        var summary = Summary.Create([Run(0, 10), Failed(1)], [Run(0, 10), Run(1, 10)]);

        Assert.Equal(new Summary { Failure = "lost" }, summary with { Memory = new Summary().Memory });
    }

    [Fact]
    public void Memory_has_a_median_for_each_number_of_connections()
    {
        var summary = Summary.Create([Memory(0, 30, 60), Memory(1, 10, 50), Memory(2, 20, 70)], []);

        Assert.Equal([new MemoryPoint(1000, 20, false), new MemoryPoint(1000, 60, true)], summary.Memory);
        Assert.Null(summary.MicrosecondsEach);
    }

    private static RunResult Run(int round, double microsecondsEach) => Result(round, new GeneratorReport
    {
        Interval = new MeasuredInterval
        {
            Count = 1000,
            Seconds = 1,
            ServerSeconds = microsecondsEach / 1000,
            GeneratorSeconds = 0.5,
            P50Microseconds = 1,
            P99Microseconds = 2,
        },
    });

    private static RunResult Failed(int round) => Result(round, new GeneratorReport { Failure = "lost" });

    private static RunResult Memory(int round, double idle, double after) =>
        Result(round, new GeneratorReport { Memory = [new MemoryPoint(1000, idle, false), new MemoryPoint(1000, after, true)] });

    private static RunResult Result(int round, GeneratorReport report) => new("fan-out", "any", round, report);
}
