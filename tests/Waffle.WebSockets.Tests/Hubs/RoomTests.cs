using System.Globalization;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>How rooms come and go, who is in them and how they may be called.</summary>
public sealed class RoomTests : IAsyncDisposable
{
    private readonly HubScene _scene = new(new WebSocketHubOptions { MaxRoomsPerClient = 3, MaxRoomNameLength = 8 });

    private WebSocketHub Hub => _scene.Hub;

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task The_first_join_makes_a_room_and_the_last_leave_ends_it()
    {
        var peers = await _scene.ConnectAsync(2);
        var room = Hub.Room("room");
        Assert.False(Hub.TryGetRoom("room", out _));
        Assert.Equal("room", Assert.Throws<RoomNotFoundException>(() => Hub.GetRequiredRoom("room")).Name);

        Assert.Equal(JoinResult.Joined, await peers[0].Client.JoinAsync("room"));
        Assert.Equal(JoinResult.Joined, await room.JoinAsync(peers[1].Client));
        Assert.Equal(["room"], Hub.RoomNames);
        Assert.True(Hub.TryGetRoom("room", out var found));
        Assert.Equal((2, 2), (found.Count, Hub.GetRequiredRoom("room").Count));
        Assert.Equal(peers.Select(peer => peer.Client), room.Members);

        Assert.True(await room.LeaveAsync(peers[0].Client));
        Assert.Equal(["room"], Hub.RoomNames);
        Assert.True(await peers[1].Client.LeaveAsync("room"));
        Assert.Empty(Hub.RoomNames);
        Assert.False(Hub.TryGetRoom("room", out _));
        Assert.Equal(0, room.Count);
        Assert.Equal(default, await room.BroadcastTextAsync("anybody?"));
    }

    [Fact]
    public async Task Leaving_a_room_that_one_is_not_in_changes_nothing()
    {
        var peers = await _scene.ConnectAsync(2);
        await peers[0].Client.JoinAsync("room");

        Assert.False(await peers[1].Client.LeaveAsync("room"));
        Assert.False(await peers[0].Client.LeaveAsync("other"));
        Assert.Equal(1, Hub.Room("room").Count);
    }

    [Fact]
    public async Task C49_joining_twice_is_one_membership()
    {
        var peer = await _scene.ConnectAsync();
        var room = Hub.Room("room");

        for (var round = 0; round < 100; round++)
        {
            var results = await Task.WhenAll(
                Task.Run(() => peer.Client.JoinAsync("room").AsTask()), Task.Run(() => room.JoinAsync(peer.Client).AsTask()));
            Assert.Equal([JoinResult.Joined, JoinResult.AlreadyMember], results.Order());
            Assert.Equal(1, room.Count);
            await room.BroadcastTextAsync("once");
            Assert.Equal(["once"], await peer.TextsSoFarAsync());
            Assert.True(await peer.Client.LeaveAsync("room"));
            Assert.False(room.Contains(peer.Client));
            Assert.Empty(Hub.RoomNames);
        }

        await room.JoinAsync(peer.Client);
        await peer.Client.JoinAsync("room");
        await peer.VanishAsync();
        Assert.Empty(Hub.RoomNames);
        Assert.Empty(room.Members);
        Assert.Equal((0, 0), (room.Count, Hub.Count));
    }

    [Fact]
    public async Task All_views_agree_after_a_leave_and_after_the_end()
    {
        var peer = await _scene.ConnectAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await peer.Client.JoinAsync(name);
        }

        await peer.Client.LeaveAsync("b");
        Assert.Equal(["a", "c"], peer.Client.Rooms.Select(room => room.Name).Order());
        Assert.Equal(["a", "c"], Hub.RoomNames.Order());
        Assert.False(peer.Client.IsIn("b"));
        Assert.True(Hub.Room("a").Contains(peer.Client));

        await peer.VanishAsync();
        Assert.Empty(peer.Client.Rooms);
        Assert.Empty(Hub.RoomNames);
        Assert.Equal(JoinResult.Closed, await peer.Client.JoinAsync("a"));
        Assert.False(await peer.Client.LeaveAsync("a"));
        Assert.Empty(Hub.RoomNames);
    }

    [Fact]
    public async Task A_client_that_is_closing_joins_nothing()
    {
        var peer = await _scene.ConnectAsync();
        var closing = peer.Client.CloseAsync();

        Assert.Equal(JoinResult.Closed, await peer.Client.JoinAsync("room"));

        await peer.Peer.SendCloseAsync();
        await closing.Soon();
        Assert.Empty(Hub.RoomNames);
    }

    [Fact]
    public async Task A_deleted_room_puts_all_out_and_can_be_joined_anew()
    {
        var peers = await _scene.ConnectAsync(2);
        var room = Hub.Room("room");
        await room.JoinAsync(peers[0].Client);
        await room.JoinAsync(peers[1].Client);
        Assert.Equal(2, room.Count);

        Assert.True(await Hub.DeleteRoomAsync("room"));
        Assert.False(await Hub.DeleteRoomAsync("room"));
        Assert.Empty(Hub.RoomNames);
        Assert.All(peers, peer => Assert.False(room.Contains(peer.Client)));
        Assert.All(peers, peer => Assert.Empty(peer.Client.Rooms));
        Assert.Equal(default, await room.BroadcastTextAsync("nobody"));
        Assert.Equal(2, Hub.Count);

        Assert.Equal(JoinResult.Joined, await room.JoinAsync(peers[0].Client));
        Assert.Equal(new BroadcastResult(1, 0, 0), await room.BroadcastTextAsync("again"));
        Assert.Equal(["again"], await peers[0].TextsSoFarAsync());
        Assert.Empty(await peers[1].TextsSoFarAsync());
    }

    [Fact]
    public async Task A_client_is_in_no_more_rooms_than_it_may()
    {
        var peer = await _scene.ConnectAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            Assert.Equal(JoinResult.Joined, await peer.Client.JoinAsync(name));
        }

        Assert.Equal(JoinResult.LimitReached, await peer.Client.JoinAsync("d"));
        Assert.Equal(JoinResult.AlreadyMember, await peer.Client.JoinAsync("a"));
        Assert.False(Hub.TryGetRoom("d", out _));
        await peer.Client.LeaveAsync("a");
        Assert.Equal(JoinResult.Joined, await peer.Client.JoinAsync("d"));
        await Hub.DeleteRoomAsync("d");
        Assert.Equal(JoinResult.Joined, await peer.Client.JoinAsync("e"));
    }

    [Fact]
    public async Task By_default_a_client_is_in_128_rooms_with_names_of_256_bytes()
    {
        await using var scene = new HubScene(new WebSocketHubOptions());
        var peer = await scene.ConnectAsync();
        Assert.Equal(JoinResult.Refused, await peer.Client.JoinAsync(new string('n', 257)));
        Assert.Equal(JoinResult.Refused, await peer.Client.JoinAsync(new string('n', 255) + "é"));
        for (var i = 0; i < 128; i++)
        {
            Assert.Equal(JoinResult.Joined, await peer.Client.JoinAsync($"{i}".PadRight(256, 'n')));
        }

        Assert.Equal(JoinResult.LimitReached, await peer.Client.JoinAsync("one more"));
        Assert.Equal(128, scene.Hub.RoomNames.Count);
    }

    [Fact]
    public async Task Zero_is_no_limit()
    {
        await using var scene = new HubScene(new WebSocketHubOptions { MaxRoomsPerClient = 0 });
        var peer = await scene.ConnectAsync();

        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(JoinResult.Joined, await peer.Client.JoinAsync($"{i}"));
        }

        Assert.Equal(500, scene.Hub.RoomNames.Count);
        await peer.VanishAsync();
        Assert.Empty(scene.Hub.RoomNames);
    }

    [Theory]
    [InlineData("")]
    [InlineData("123456789")]
    [InlineData("ääääé")]
    [InlineData("a\0")]
    [InlineData("a\u007F")]
    public async Task A_name_that_cannot_be_a_rooms_is_refused(string name)
    {
        var peer = await _scene.ConnectAsync();

        Assert.Equal(JoinResult.Refused, await peer.Client.JoinAsync(name));
        Assert.Equal(JoinResult.Refused, await Hub.Room(name).JoinAsync(peer.Client));
        Assert.False(peer.Client.IsIn(name));
        Assert.Empty(Hub.RoomNames);
    }

    [Fact]
    public async Task C57_names_are_compared_ordinally_whatever_the_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
        try
        {
            await using var scene = new HubScene();
            string[] names = ["i", "I", "ı", "İ", "\u00E9", "e\u0301", "a", "a ", " a", "ss", "ß"];
            var peers = new List<HubPeer>();
            foreach (var name in names)
            {
                peers.Add(await scene.ConnectAsync(name));
                Assert.Equal(JoinResult.Joined, await peers[^1].Client.JoinAsync(name));
            }

            Assert.Equal(names.Order(StringComparer.Ordinal), scene.Hub.RoomNames.Order(StringComparer.Ordinal));
            for (var i = 0; i < names.Length; i++)
            {
                Assert.Equal(new BroadcastResult(1, 0, 0), await scene.Hub.Room(names[i]).BroadcastTextAsync($"room {i}"));
                Assert.Equal(new BroadcastResult(1, 0, 0), await scene.Hub.User(names[i]).BroadcastTextAsync($"user {i}"));
                Assert.Equal([$"room {i}", $"user {i}"], await peers[i].TextsSoFarAsync());
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
