using Waffle.WebSockets.Soak;
using Waffle.WebSockets.Soak.Clients;
using Waffle.WebSockets.Soak.Report;

namespace Waffle.WebSockets.SoakTests;

public class VerdictTests
{
    private const double ClientsPerHour = 36_000;

    private static readonly Figures _empty = new()
    {
        HeapBytes = 1_000_000,
        CommittedBytes = 50_000_000,
        ProcessBytes = 100_000_000,
        ProcessorSeconds = 1,
        Descriptors = 24,
        Threads = 20,
        Timers = 0,
        Members = 0,
        Rooms = 0,
        RoomMembers = 0,
        Broadcasts = 0,
        Deliveries = 0,
        Lost = 0,
        Ends = [],
        Faults = [],
        FaultTexts = [],
    };

    private readonly Breaches _breaches = new(TextWriter.Null);

    [Fact]
    public void A_run_that_leaves_nothing_is_good()
    {
        Assert.Empty(Failures(_empty with { Descriptors = 24 + Verdict.SpareDescriptors, HeapBytes = 1_000_000 + Verdict.SpareHeapBytes }));
    }

    [Fact]
    public void All_that_is_left_is_told()
    {
        Assert.Single(Failures(_empty with { Members = 1 }));
        Assert.Single(Failures(_empty with { Rooms = 1 }));
        Assert.Single(Failures(_empty with { Timers = 1 }));
        Assert.Single(Failures(_empty with { Descriptors = 25 + Verdict.SpareDescriptors }));
        Assert.Single(Failures(_empty with { HeapBytes = 1_000_001 + Verdict.SpareHeapBytes }));
        Assert.Single(Failures(_empty with { Faults = new() { ["unobserved"] = 1 } }));
    }

    [Fact]
    public void A_breach_is_told()
    {
        _breaches.Add("no reply", "to echo");

        Assert.Single(Failures(_empty));
    }

    [Theory]
    [InlineData(40, 0)]
    [InlineData(60, 1)]
    public void A_heap_that_grows_with_each_client_is_told(double bytesPerClient, int failures)
    {
        Assert.Equal(failures, Failures(_empty, Growing(bytesPerClient, TimeSpan.FromMinutes(30))).Count());
    }

    [Fact]
    public void In_a_short_run_a_heap_may_grow()
    {
        Assert.Empty(Failures(_empty, Growing(1_000, TimeSpan.FromMinutes(2))));
    }

    private static Trend Growing(double bytesPerClient, TimeSpan duration) => Trend.Of(
        "heap",
        duration,
        Enumerable.Range(0, 60).Select(i => i * duration / 60).Select(time => new Sample(
            time,
            _empty with { HeapBytes = (long)(bytesPerClient * ClientsPerHour * time.TotalHours) },
            (long)(ClientsPerHour * time.TotalHours))),
        figures => figures.HeapBytes);

    private IEnumerable<string> Failures(Figures end, Trend? heap = null) =>
        Verdict.Failures(_empty, _empty, end, heap ?? Growing(0, TimeSpan.FromMinutes(30)), _breaches);
}
