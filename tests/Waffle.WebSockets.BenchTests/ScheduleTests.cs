using Waffle.WebSockets.Bench.Load;
using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.BenchTests;

public sealed class ScheduleTests
{
    private static readonly Peer _other = new NamedPeer("other");

    [Fact]
    public void All_servers_have_the_same_rounds()
    {
        var options = BenchOptions.Parse(["--only", "fan-out,memory"]);

        Assert.All(options.Workloads.SkipLast(1), workload => Assert.Equal((5, 5), Rounds(options, workload)));
        Assert.Equal((3, 3), Rounds(options, options.Workloads[^1]));
    }

    [Fact]
    public void Growth_is_measured_for_our_server_and_the_floor()
    {
        var options = BenchOptions.Parse(["--only", "growth"]);

        Assert.All(options.Workloads, workload => Assert.Equal(0, Rounds(options, workload).Other));
        Assert.All(options.Workloads, workload => Assert.InRange(Rounds(options, workload).Own, 3, 5));
    }

    [Fact]
    public void Two_servers_are_measured_for_what_can_be_two_and_for_the_same_alone()
    {
        var options = BenchOptions.Parse(["--only", "two-servers,echo"]);

        Assert.All(options.Workloads, workload => Assert.Equal(
            workload.Group == Groups.TwoServers
                ? ["floor", "waffle", "signalr-json", "signalr-messagepack", "waffle-redis", "waffle-nats", "signalr-json-redis", "signalr-messagepack-redis"]
                : PeerList.All.Where(peer => peer.Servers == 1).Select(peer => peer.Name),
            PeerList.All.Where(peer => Schedule.RoundsFor(options, workload, peer) > 0).Select(peer => peer.Name)));
    }

    [Fact]
    public void In_a_hurry_others_are_measured_once()
    {
        var options = BenchOptions.Parse(["--quick"]);

        // As they are measured: cut to the connections that a process may have.
        Assert.Equal(1, options.Workloads.Sum(workload => Rounds(options, workload.LimitTo(10_000)).Other));
        Assert.Equal([2, 2, 2, 2, 1], options.Workloads.Select(workload => Rounds(options, workload).Own));
    }

    [Fact]
    public void A_schedule_is_the_sum_of_its_runs()
    {
        var options = BenchOptions.Parse(["--only", "echo", "--rounds", "2"]);
        var (all, floor, waffle) = (Of(PeerList.Floor, PeerList.Waffle, _other), Of(PeerList.Floor), Of(PeerList.Waffle));

        Assert.Equal(4 * 2 * 3, all.Runs);
        Assert.Equal(floor.Seconds + waffle.Seconds + Of(_other).Seconds, all.Seconds, precision: 6);
        Assert.InRange(floor.Seconds / floor.Runs, options.Seconds, 10);
        Assert.Equal(4 * (PeerList.Waffle.SecondsToCompile - PeerList.Floor.SecondsToCompile), waffle.Seconds - floor.Seconds, precision: 6);

        Schedule Of(params Peer[] peers) => new(options, options.Workloads, peers);
    }

    private static (int Own, int Other) Rounds(BenchOptions options, Workload workload) =>
        (Schedule.RoundsFor(options, workload, PeerList.Waffle), Schedule.RoundsFor(options, workload, _other));
}
