using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Clients are disconnected from another server's hub, with a code that tells them whether to come back; a class for each engine inherits the tests.</summary>
public abstract class DisconnectContract
{
    protected abstract Task<IEngine> StartEngineAsync();

    // Come back soon, after a growing wait, and not at all.
    [Theory]
    [InlineData(CloseCode.ServiceRestart, "We move.")]
    [InlineData((CloseCode)4000, "")]
    [InlineData((CloseCode)4500, "Closed for good.")]
    public async Task The_members_of_a_room_are_disconnected_on_all_servers_and_nobody_else(CloseCode code, string reason)
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 3);
        Cluster.Member[] members =
        [
            await cluster.ConnectAsync(0, null, "tea"), await cluster.ConnectAsync(1, null, "tea"),
            await cluster.ConnectAsync(2, null, "tea", "coffee"), await cluster.ConnectAsync(2, null, "tea"),
        ];
        Cluster.Member[] others = [await cluster.ConnectAsync(0, null, "coffee"), await cluster.ConnectAsync(1, null, "coffee"), await cluster.ConnectAsync(2)];

        await cluster.Hubs[0].Room("tea").BroadcastTextAsync("goodbye");
        Assert.Equal(new DisconnectResult(1, PublishStatus.Accepted), await cluster.Hubs[0].Room("tea").DisconnectAsync(code, reason));
        foreach (var member in members)
        {
            Assert.Equal("goodbye", await member.NextTextAsync());
            await AssertDisconnectedAsync(member, code, reason);
        }

        // Whoever goes leaves his rooms first.
        await Wait.Eventually(() => cluster.Hubs.Sum(static hub => hub.Count) == others.Length, "nobody else is there");
        Assert.All(cluster.Hubs, static hub => Assert.Equal(0, hub.Room("tea").Count));
        await AssertStayAsync(cluster, others);
    }

    [Fact]
    public async Task A_user_is_disconnected_with_all_his_connections_and_nobody_else()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2);
        Cluster.Member[] mallory = [await cluster.ConnectAsync(0, "mallory", "tea"), await cluster.ConnectAsync(0, "mallory"), await cluster.ConnectAsync(1, "mallory", "tea")];
        Cluster.Member[] others = [await cluster.ConnectAsync(0, "alice", "tea"), await cluster.ConnectAsync(1, "Mallory", "tea"), await cluster.ConnectAsync(1)];

        Assert.Equal(new DisconnectResult(2, PublishStatus.Accepted), await cluster.Hubs[0].User("mallory").DisconnectAsync((CloseCode)4501, "Blocked."));
        foreach (var connection in mallory)
        {
            await AssertDisconnectedAsync(connection, (CloseCode)4501, "Blocked.");
        }

        await AssertStayAsync(cluster, others);
    }

    [Fact]
    public async Task Of_several_rooms_each_member_is_disconnected_once()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2);
        Cluster.Member[] members = [await cluster.ConnectAsync(0, null, "tea", "coffee"), await cluster.ConnectAsync(1, null, "tea", "coffee"), await cluster.ConnectAsync(1, null, "tea")];
        Cluster.Member[] others = [await cluster.ConnectAsync(0, null, "milk"), await cluster.ConnectAsync(1, null, "milk")];
        Assert.Equal(
            new DisconnectResult(1, PublishStatus.Accepted), await cluster.Hubs[0].Rooms("tea", "coffee").DisconnectAsync(CloseCode.TryAgainLater, "Full."));
        foreach (var member in members)
        {
            await AssertDisconnectedAsync(member, CloseCode.TryAgainLater, "Full.");
        }

        await AssertStayAsync(cluster, others);
    }

    [Theory]
    [InlineData(CloseCode.NoStatusReceived, 0)]
    [InlineData((CloseCode)2999, 0)]
    [InlineData(CloseCode.PolicyViolation, 124)]
    public async Task With_a_code_or_a_reason_that_must_not_be_sent_nobody_is_disconnected_anywhere(CloseCode code, int reasonLength)
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2);
        Cluster.Member[] members = [await cluster.ConnectAsync(0, null, "tea"), await cluster.ConnectAsync(1, null, "tea")];
        await Assert.ThrowsAnyAsync<ArgumentException>(() => cluster.Hubs[0].Room("tea").DisconnectAsync(code, new string('x', reasonLength)));
        using var off = new CancellationTokenSource();
        await off.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.Hubs[0].Room("tea").DisconnectAsync(CloseCode.NormalClosure, "", off.Token));
        await AssertStayAsync(cluster, members);
    }

    [Fact]
    public async Task While_the_engine_is_away_it_is_said_that_the_others_are_not_reached_and_they_are_not_later_either()
    {
        await using var engine = await StartEngineAsync();
        var lost = new LyingBackplane(engine.Connect());
        await using var cluster = await Cluster.StartAsync(server => server == 0 ? lost : engine.Connect(), servers: 2);
        var (here, there) = (await cluster.ConnectAsync(0, null, "tea"), await cluster.ConnectAsync(1, null, "tea"));
        lost.Disconnect();
        await cluster.UntilAsync(0, EngineState.Away);
        Assert.Equal(new DisconnectResult(1, PublishStatus.Failed), await cluster.Hubs[0].Room("tea").DisconnectAsync(CloseCode.GoingAway));
        await AssertDisconnectedAsync(here, CloseCode.GoingAway, "");

        lost.Connect();
        await cluster.UntilAsync(0, EngineState.There);
        await AssertStayAsync(cluster, there);
        Assert.Equal(new DisconnectResult(0, PublishStatus.Accepted), await cluster.Hubs[0].Room("tea").DisconnectAsync(CloseCode.GoingAway));
        await AssertDisconnectedAsync(there, CloseCode.GoingAway, "");
    }

    private static async Task AssertDisconnectedAsync(Cluster.Member member, CloseCode code, string reason)
    {
        var close = await member.Peer.ReadFrameButPingsAsync().Soon();
        Assert.Equal((RawFrame.CloseOpcode, code, reason), (close!.Opcode, close.CloseCode, close.CloseReason));
        await member.Peer.SendCloseAsync((int)code);
        Assert.Null(await member.Peer.ReadFrameAsync().Soon());
    }

    // On each way that an order may have taken, it would have come before what is broadcast now.
    private static async Task AssertStayAsync(Cluster cluster, params Cluster.Member[] members)
    {
        foreach (var room in members.SelectMany(Rooms).Distinct())
        {
            await cluster.Hubs[0].Room(room).BroadcastTextAsync($"to {room}");
        }

        await cluster.Hubs[0].BroadcastTextAsync("to all");
        foreach (var member in members)
        {
            await cluster.Hubs[0].User(member.Client.Id).BroadcastTextAsync("to the user");
            string[] expected = [.. Rooms(member).Select(static room => $"to {room}"), "to all", "to the user"];
            var heard = new List<string>();
            while (heard.Count < expected.Length)
            {
                var frame = await member.Peer.ReadFrameButPingsAsync().Soon();
                Assert.Equal(RawFrame.TextOpcode, frame!.Opcode);
                heard.Add(frame.Text);
            }

            // Those of different channels in any order.
            Assert.Equal(expected.Order(), heard.Order());
            Assert.False(member.Client.Connection.Completion.IsCompleted);
        }
    }

    private static IEnumerable<string> Rooms(Cluster.Member member) => member.Client.Rooms.Select(static room => room.Name);
}
