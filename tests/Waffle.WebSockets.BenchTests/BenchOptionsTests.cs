using Waffle.WebSockets.Bench.Load;
using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.BenchTests;

public sealed class BenchOptionsTests
{
    [Fact]
    public void Nothing_said_means_everything()
    {
        var options = BenchOptions.Parse([]);

        Assert.Same(WorkloadList.All, options.Workloads);
        Assert.Same(PeerList.All, options.Peers);
        Assert.Equal((5, 2.0), (options.Rounds, options.Seconds));
    }

    [Fact]
    public void Workloads_are_named_by_themselves_or_by_their_group()
    {
        var options = BenchOptions.Parse(
            ["--only", "echo,rooms", "--peers", "waffle", "--rounds", "3", "--seconds", "0.5", "--output", "/results"]);

        Assert.Equal(
            ["rooms", "echo-100-d1", "echo-100-d16", "echo-16k-d1", "echo-16k-d16"],
            options.Workloads.Select(workload => workload.Name));
        Assert.Equal([PeerList.Waffle], options.Peers);
        Assert.Equal((3, 0.5, "/results"), (options.Rounds, options.Seconds, options.Output));
    }

    [Theory]
    [InlineData("--loud")]
    [InlineData("--only")]
    [InlineData("--only", "nothing")]
    [InlineData("--peers", "nobody")]
    [InlineData("--rounds", "0")]
    public void What_there_is_not_is_refused(params string[] arguments)
    {
        Assert.Throws<ArgumentException>(() => BenchOptions.Parse(arguments));
    }

    [Fact]
    public void Quick_means_few_connections_and_few_rounds()
    {
        var options = BenchOptions.Parse(["--quick"]);

        Assert.All(options.Workloads, workload => Assert.InRange(workload.Connections, 1, 1000));
        Assert.Equal((2, 0.8), (options.Rounds, options.Seconds));
    }

    [Fact]
    public void Names_are_unique()
    {
        Assert.Equal(WorkloadList.All.Count, WorkloadList.All.DistinctBy(workload => workload.Name).Count());
        Assert.Equal(PeerList.All.Count, PeerList.All.DistinctBy(peer => peer.Name).Count());
    }

    [Fact]
    public void A_workload_can_be_cut_to_fewer_connections()
    {
        var memory = WorkloadList.All.Single(workload => workload.Name == "growth-memory").LimitTo(5000);

        Assert.Equal([1000, 2000, 4000, 5000], memory.Steps);
        Assert.Equal(5000, memory.Connections);
    }
}
