using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.BenchTests;

public sealed class WorkloadTests
{
    [Fact]
    public void All_but_the_sender_are_on_the_second_of_two_servers()
    {
        var workload = Get("two-servers-100");

        Assert.Equal(100, workload.AllConnections);
        Assert.Equal([0, .. Enumerable.Repeat(1, 99)], Enumerable.Range(0, 100).Select(workload.ServerOf));
    }

    [Fact]
    public void The_second_of_two_servers_may_have_strangers_only()
    {
        var workload = Get("two-servers-apart");
        var strangers = Enumerable.Range(0, workload.AllConnections).Where(workload.IsStranger).ToArray();

        Assert.Equal(Enumerable.Range(1000, 100), strangers);
        Assert.Equal(strangers, Enumerable.Range(0, workload.AllConnections).Where(connection => workload.ServerOf(connection) == 1));
        Assert.NotEqual(workload.ConversationOf(0).Room, workload.ConversationOf(1000).Room);
        Assert.Equal(1000, workload.DeliveriesPerMessage);
    }

    [Fact]
    public void Strangers_are_among_the_connections_that_a_process_may_have()
    {
        var workload = Get("two-servers-apart").LimitTo(500);

        Assert.Equal((400, 500), (workload.Connections, workload.AllConnections));
        Assert.True(workload.IsStranger(400));
    }

    [Fact]
    public void A_message_has_a_delivery_for_each_member_of_its_room_that_reads()
    {
        Assert.Equal(100, Get("rooms").DeliveriesPerMessage);
        Assert.Equal(950, Get("stalled").DeliveriesPerMessage);
    }

    private static Workload Get(string name) => WorkloadList.All.Single(workload => workload.Name == name);
}
