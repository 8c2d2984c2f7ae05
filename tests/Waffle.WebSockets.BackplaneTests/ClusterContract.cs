using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>What a hub on several servers keeps, whatever carries its messages; a class for each engine inherits the tests.</summary>
public abstract class ClusterContract
{
    protected abstract Task<IEngine> StartEngineAsync();

    [Fact]
    public async Task A_broadcast_reaches_the_members_on_all_servers_once()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 3);
        var members = new[] { await cluster.ConnectAsync(0, null, "tea"), await cluster.ConnectAsync(1, null, "tea"), await cluster.ConnectAsync(2, null, "coffee") };

        Assert.Equal(new BroadcastResult(1, 0, 0, PublishStatus.Accepted), await cluster.Hubs[0].Room("tea").BroadcastTextAsync("room"));
        await Wait.Eventually(async () => (await cluster.Hubs[0].BroadcastTextAsync("hub")).Published == PublishStatus.Accepted);

        Assert.Equal(["room"], await members[0].TextsUpToAsync("hub"));
        Assert.Equal("hub", await members[2].NextTextAsync());
        var both = new[] { await members[1].NextTextAsync(), await members[1].NextTextAsync() };
        Assert.Equal(["hub", "room"], both.Order());
    }

    [Fact]
    public async Task A_member_gets_the_messages_of_a_server_in_their_order()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2);
        var member = await cluster.ConnectAsync(1, null, "tea");
        const int Messages = 1_000;
        for (var i = 0; i < Messages; i++)
        {
            await cluster.Hubs[0].Room("tea").BroadcastTextAsync($"{i}");
        }

        await cluster.Hubs[0].Room("tea").BroadcastTextAsync("end");
        Assert.Equal(Enumerable.Range(0, Messages).Select(static i => $"{i}"), await member.TextsUpToAsync("end"));
        Assert.Empty(cluster.Gaps[1]);
    }

    // Longer than what a pool keeps, and more than are under way at once.
    [Theory]
    [InlineData(1_000, 300)]
    [InlineData(300_000, 80)]
    public async Task Long_messages_leave_nothing_behind_in_the_outbox(int length, int messages)
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2);
        var member = await cluster.ConnectAsync(1, null, "tea");
        var link = cluster.Hubs[0].Bridge!.Link;
        for (var i = 0; i < messages; i++)
        {
            var text = $"{i} {new string('x', length)}";
            Assert.Equal(PublishStatus.Accepted, (await cluster.Hubs[0].Room("tea").BroadcastTextAsync(text)).Published);
            Assert.Equal(text, await member.NextTextAsync());
        }

        await Wait.Eventually(() => link.WaitingBytes == 0, "nothing waits");
        Assert.Empty(cluster.Gaps[1]);
    }

    [Fact]
    public async Task The_longest_message_that_fits_arrives_and_one_byte_more_is_refused_and_told()
    {
        await using var engine = await StartEngineAsync();
        var (limit, length) = (new BackplaneOptions().MaxMessageSize, 0);
        IEnumerable<byte[]> Measure(string channel, byte[] message)
        {
            length = LyingBackplane.IsRoom(channel) ? message.Length : length;
            return [message];
        }

        await using var cluster = await Cluster.StartAsync(
            server => server == 0 ? engine.Connect() : new LyingBackplane(engine.Connect()) { Change = Measure }, servers: 2);
        var member = await cluster.ConnectAsync(1, null, "tea");
        await cluster.Hubs[0].Room("tea").BroadcastTextAsync("");
        Assert.Equal("", await member.NextTextAsync());

        var longest = new string('x', limit - length);
        Assert.Equal(PublishStatus.Accepted, (await cluster.Hubs[0].Room("tea").BroadcastTextAsync(longest)).Published);
        Assert.Equal(longest, await member.NextTextAsync());
        Assert.Equal(limit, length);
        Assert.Equal(PublishStatus.Failed, (await cluster.Hubs[0].Room("tea").BroadcastTextAsync(longest + "x")).Published);
        await Wait.Eventually(() => cluster.Gaps[1].Any(static gap => gap is { Cause: GapCause.Lost, Missing: 1, Rooms: ["tea"] }), "it is told");
    }

    [Fact]
    public async Task To_several_rooms_everybody_gets_it_once_on_every_server()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2);
        var inBoth = await cluster.ConnectAsync(1, null, "tea", "coffee");
        var inOne = await cluster.ConnectAsync(1, null, "coffee");
        await cluster.Hubs[0].Rooms("coffee", "tea", "nobody").BroadcastTextAsync("several");
        await inBoth.NextTextAsync();
        await inOne.NextTextAsync();
        await cluster.Hubs[0].Room("tea").BroadcastTextAsync("end");
        await cluster.Hubs[0].Room("coffee").BroadcastTextAsync("end");
        Assert.Empty(await inBoth.TextsUpToAsync("end"));
        Assert.Empty(await inOne.TextsUpToAsync("end"));
    }

    [Fact]
    public async Task A_user_is_reached_and_disconnected_wherever_he_is()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2);
        var alice = await cluster.ConnectAsync(1, "alice");
        var unnamed = await cluster.ConnectAsync(1);

        await cluster.Hubs[0].User("alice").BroadcastTextAsync("hello alice");
        Assert.Equal("hello alice", await alice.NextTextAsync());
        await cluster.Hubs[0].User(unnamed.Client.Id).BroadcastTextAsync("hello you");
        Assert.Equal("hello you", await unnamed.NextTextAsync());

        Assert.Equal(new DisconnectResult(0, PublishStatus.Accepted), await cluster.Hubs[0].User("alice").DisconnectAsync((CloseCode)4001, "Renew."));
        var close = await alice.Peer.ReadFrameAsync().Soon();
        Assert.Equal(((CloseCode)4001, "Renew."), (close!.CloseCode, close.CloseReason));
    }

    [Fact]
    public async Task A_broadcast_leaves_out_a_connection_on_whatever_server_it_is()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2);
        var (here, there) = (await cluster.ConnectAsync(0, null, "tea"), await cluster.ConnectAsync(1, null, "tea"));
        foreach (var (excepted, other) in new[] { (here, there), (there, here) })
        {
            await cluster.Hubs[0].Room("tea").BroadcastTextAsync("not to all", new SendOptions { ExceptConnection = excepted.Client.Connection.Id });
            await cluster.Hubs[0].Room("tea").BroadcastTextAsync("end");
            Assert.Empty(await excepted.TextsUpToAsync("end"));
            Assert.Equal(["not to all"], await other.TextsUpToAsync("end"));
        }
    }

    [Fact]
    public async Task Counts_and_members_are_those_of_all_servers()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 3);
        await cluster.ConnectAsync(0, "alice", "tea", "coffee");
        await cluster.ConnectAsync(1, "bob", "tea");
        await cluster.ConnectAsync(2, "alice", "coffee");

        Assert.Equal(3, (await cluster.Hubs[0].CountEverywhereAsync()).Count);
        Assert.Equal(2, (await cluster.Hubs[0].Room("tea").CountEverywhereAsync()).Count);
        Assert.Equal(3, (await cluster.Hubs[1].Rooms("tea", "coffee").CountEverywhereAsync()).Count);
        Assert.Equal(2, (await cluster.Hubs[1].User("alice").CountEverywhereAsync()).Count);
        Assert.Equal(0, (await cluster.Hubs[1].Room("nobody").CountEverywhereAsync()).Count);
        var members = await cluster.Hubs[0].Room("tea").GetMembersEverywhereAsync();
        Assert.Equal([("alice", "server 0"), ("bob", "server 1")], members.Members.Select(static member => (member.ClientId, member.Server)).Order());
        Assert.Empty(members.Unanswered);
    }

    [Fact]
    public async Task C91_a_room_is_subscribed_to_while_somebody_is_in_it()
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 3);
        var (first, second) = (await cluster.ConnectAsync(0, null, "tea"), await cluster.ConnectAsync(0, null, "tea"));
        await first.Client.LeaveAsync("tea");
        await cluster.Hubs[1].Room("tea").BroadcastTextAsync("one");
        Assert.Equal("one", await second.NextTextAsync());

        second.Client.Connection.Abort();
        await Wait.Eventually(() => cluster.RoomsSubscribedTo(0).Count == 0, "nobody listens any more");
        var witness = await cluster.ConnectAsync(2, null, "tea");
        await cluster.Hubs[1].Room("tea").BroadcastTextAsync("to nobody there");
        Assert.Equal("to nobody there", await witness.NextTextAsync());
        Assert.Equal(JoinResult.Joined, await first.Client.JoinAsync("tea"));
        await cluster.Hubs[1].Room("tea").BroadcastTextAsync("two");
        Assert.Equal("two", await first.NextTextAsync());
    }

    [Theory]
    [InlineData("tea", "Tea")]
    [InlineData("caf\u00E9", "cafe\u0301")]
    [InlineData("tea", "tea ")]
    [InlineData("I", "\u0131")]
    [InlineData("a.b", "a*b")]
    public async Task C57_names_that_differ_at_all_are_different_rooms(string one, string other)
    {
        await using var engine = await StartEngineAsync();
        await using var cluster = await Cluster.StartAsync(_ => engine.Connect(), servers: 2);
        var member = await cluster.ConnectAsync(1, null, one);
        await cluster.Hubs[0].Room(other).BroadcastTextAsync("wrong");
        await cluster.Hubs[0].Room(one).BroadcastTextAsync("right");
        Assert.Equal("right", await member.NextTextAsync());
    }
}
