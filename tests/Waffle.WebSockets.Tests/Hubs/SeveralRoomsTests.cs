using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>What goes to several rooms reaches each of their members once.</summary>
public sealed class SeveralRoomsTests : IAsyncDisposable
{
    private readonly HubScene _scene = new();

    private WebSocketHub Hub => _scene.Hub;

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Each_member_gets_it_once_however_many_of_the_rooms_it_is_in()
    {
        var (ann, bob, cid) = (await ConnectAsync("a"), await ConnectAsync("a", "b", "c"), await ConnectAsync("c"));
        var dan = await ConnectAsync("other");
        var rooms = Hub.Rooms("c", "a", "b", "a", "nobody", "A");

        Assert.Equal(3, rooms.Count);
        Assert.Equal(new BroadcastResult(3, 0, 0), await rooms.BroadcastTextAsync("hello"));
        Assert.Equal(new BroadcastResult(3, 0, 0), await rooms.BroadcastTypedMessageAsync("greeting", 7));

        foreach (var peer in new[] { ann, bob, cid })
        {
            Assert.Equal(["hello", """{"type":"greeting","payload":7}"""], await peer.TextsSoFarAsync());
        }

        Assert.Empty(await dan.TextsSoFarAsync());
    }

    [Fact]
    public async Task The_excepted_client_is_left_out_of_all_rooms_and_not_counted()
    {
        var (ann, bob) = (await ConnectAsync("a", "b"), await ConnectAsync("a", "b"));

        var result = await Hub.Rooms("a", "b").BroadcastTextAsync("hello", new SendOptions { Except = ann.Client });

        Assert.Equal(new BroadcastResult(1, 0, 0), result);
        Assert.Empty(await ann.TextsSoFarAsync());
        Assert.Equal(["hello"], await bob.TextsSoFarAsync());
    }

    [Fact]
    public async Task Stalled_closing_and_healthy_members_are_counted_once_each()
    {
        await ConnectAsync("a");
        await ConnectAsync("a", "b");
        await ConnectAsync("b");
        await using var dropsNewest = await StuckPeer.ConnectFullAsync(_scene, QueueFullPolicy.DropNewest);
        await using var dropsOldest = await StuckPeer.ConnectFullAsync(_scene, QueueFullPolicy.DropOldest);
        await using var disconnects = await StuckPeer.ConnectFullAsync(_scene, QueueFullPolicy.Disconnect);
        foreach (var stuck in new[] { dropsNewest, dropsOldest, disconnects })
        {
            await stuck.Client.JoinAsync("a");
            await stuck.Client.JoinAsync("b");
        }

        var closing = await ConnectAsync("b", "a");
        _ = closing.Client.CloseAsync();
        var rooms = Hub.Rooms("a", "b");

        Assert.Equal((7, 7), (rooms.Count, (await rooms.BroadcastTextAsync("first")).Targeted));
        Assert.True(disconnects.Client.Connection.IsClosed);
        Assert.Equal(new BroadcastResult(Queued: 4, Dropped: 1, Closed: 2), await rooms.BroadcastTextAsync("second"));
    }

    [Fact]
    public async Task All_members_are_disconnected_and_counted_once()
    {
        var (ann, bob, other) = (await ConnectAsync("a"), await ConnectAsync("a", "b"), await ConnectAsync("c"));
        var rooms = Hub.Rooms("b", "a");

        Assert.Equal(new DisconnectResult(2), await rooms.DisconnectAsync((CloseCode)4001, "over"));

        foreach (var peer in new[] { ann, bob })
        {
            Assert.Equal("over", (await peer.Peer.ExpectCloseAsync((CloseCode)4001)).CloseReason);
            await peer.Peer.SendCloseAsync(4001);
            await peer.Client.Departure.Soon();
        }

        Assert.False(other.Client.Connection.IsClosed);
        Assert.Equal((0, new DisconnectResult(0)), (rooms.Count, await rooms.DisconnectAsync((CloseCode)4001)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => rooms.DisconnectAsync((CloseCode)1006));
    }

    [Fact]
    public async Task Rooms_without_members_and_no_rooms_at_all_reach_nobody()
    {
        var peer = await ConnectAsync("a");

        foreach (var nobody in new[] { Hub.Rooms(), Hub.Rooms(string.Empty), Hub.Rooms("x", "y"), Hub.Rooms([]) })
        {
            Assert.Equal(0, nobody.Count);
            Assert.Equal(default, await nobody.BroadcastTextAsync("anybody?"));
            Assert.Equal(new DisconnectResult(0), await nobody.DisconnectAsync(CloseCode.GoingAway));
        }

        Assert.Throws<ArgumentNullException>(() => Hub.Rooms("a", null!));
        Assert.Empty(await peer.TextsSoFarAsync());
    }

    [Fact]
    public async Task The_handle_follows_who_comes_and_goes_and_keeps_the_names_that_it_was_given()
    {
        string[] names = ["b", "a"];
        var rooms = Hub.Rooms(names);
        names[0] = "c";
        var peer = await ConnectAsync("b");
        Assert.Equal(1, rooms.Count);

        await peer.Client.JoinAsync("a");
        await peer.Client.LeaveAsync("b");
        Assert.Equal(new BroadcastResult(1, 0, 0), await rooms.BroadcastTextAsync("in a only"));
        await Hub.DeleteRoomAsync("a");
        Assert.Equal(default, await rooms.BroadcastTextAsync("in none"));
        await peer.Client.JoinAsync("a");
        await peer.Client.JoinAsync("b");
        Assert.Equal(new BroadcastResult(1, 0, 0), await rooms.BroadcastTextAsync("in both"));

        Assert.Equal(["in a only", "in both"], await peer.TextsSoFarAsync());
    }

    [Fact]
    public async Task A_crowd_gets_it_once_too()
    {
        const int Crowd = 5_000;
        for (var i = 0; i < Crowd; i++)
        {
            await ConnectAsync("a", "b");
        }

        var rooms = Hub.Rooms("a", "b");
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(new BroadcastResult(Crowd, 0, 0), await rooms.BroadcastTextAsync("hello"));
        }

        await Hub.DeleteRoomAsync("b");
        var few = await ConnectAsync("b", "c");
        Assert.Equal(new BroadcastResult(1, 0, 0), await Hub.Rooms("b", "c").BroadcastTextAsync("few"));
        Assert.Equal(["few"], await few.TextsSoFarAsync());
    }

    private async Task<HubPeer> ConnectAsync(params string[] rooms)
    {
        var peer = await _scene.ConnectAsync();
        foreach (var room in rooms)
        {
            Assert.Equal(JoinResult.Joined, await peer.Client.JoinAsync(room));
        }

        return peer;
    }
}
