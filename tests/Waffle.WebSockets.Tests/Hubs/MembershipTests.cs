using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Who belongs to a hub, and under which names.</summary>
public sealed class MembershipTests : IAsyncDisposable
{
    private readonly HubScene _scene = new(new WebSocketHubOptions { MaxClientIdLength = 8 });

    private WebSocketHub Hub => _scene.Hub;

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task A_client_is_found_by_its_connections_id_until_it_has_left()
    {
        var ann = await _scene.ConnectAsync("ann");
        var connectionId = ann.Client.Connection.Id;

        Assert.True(Hub.TryGetClient(connectionId, out var found));
        Assert.Same(ann.Client, found);
        Assert.Same(ann.Client, Hub.GetRequiredClient(connectionId));
        Assert.False(Hub.TryGetClient("ann", out _));
        Assert.Equal([ann.Client], Hub.Clients);
        Assert.Equal(1, Hub.Count);

        await ann.VanishAsync();

        Assert.False(Hub.TryGetClient(connectionId, out _));
        Assert.Equal(connectionId, Assert.Throws<ClientNotFoundException>(() => Hub.GetRequiredClient(connectionId)).Id);
        Assert.Empty(Hub.Clients);
        Assert.Equal((0, 0), (Hub.Count, Hub.User("ann").Count));
    }

    [Fact]
    public async Task Without_an_id_a_client_has_its_connections()
    {
        var peer = await _scene.ConnectAsync();

        Assert.Equal(peer.Client.Connection.Id, peer.Client.Id);
        Assert.Equal(1, Hub.User(peer.Client.Id).Count);
    }

    [Fact]
    public async Task Another_client_may_have_the_id_of_a_connection_as_its_name()
    {
        await using var scene = new HubScene();
        var unnamed = await scene.ConnectAsync();
        var named = await scene.ConnectAsync(unnamed.Client.Connection.Id);
        var user = scene.Hub.User(unnamed.Client.Id);
        Assert.Equal(2, user.Count);

        Assert.Equal(new BroadcastResult(2, 0, 0), await user.BroadcastTextAsync("hello"));
        Assert.Equal("hello", await unnamed.NextTextAsync());
        Assert.Equal("hello", await named.NextTextAsync());

        await unnamed.VanishAsync();
        Assert.Equal(1, user.Count);
        await named.VanishAsync();
        Assert.Equal(0, user.Count);
    }

    [Fact]
    public async Task Connections_with_the_same_id_are_sent_to_and_closed_together()
    {
        var tabs = new[] { await _scene.ConnectAsync("ann"), await _scene.ConnectAsync("ann") };
        var other = await _scene.ConnectAsync("bob");
        var user = Hub.User("ann");
        Assert.Equal((2, 3), (user.Count, Hub.Count));

        Assert.Equal(new BroadcastResult(2, 0, 0), await user.BroadcastTextAsync("hello"));
        foreach (var tab in tabs)
        {
            Assert.Equal("hello", await tab.NextTextAsync());
        }

        Assert.Equal(new DisconnectResult(2), await user.DisconnectAsync((CloseCode)4001, "signed out"));
        foreach (var tab in tabs)
        {
            Assert.Equal("signed out", (await tab.Peer.ExpectCloseAsync((CloseCode)4001)).CloseReason);
            await tab.Peer.SendCloseAsync(4001);
            await tab.Client.Departure.Soon();
        }

        Assert.Empty(await other.TextsSoFarAsync());
        Assert.Equal((0, 1), (user.Count, Hub.Count));
        Assert.Equal(new DisconnectResult(0), await user.DisconnectAsync(CloseCode.NormalClosure));
    }

    [Fact]
    public async Task One_of_two_connections_with_the_same_id_leaves_alone()
    {
        var first = await _scene.ConnectAsync("ann");
        var second = await _scene.ConnectAsync("ann");
        await first.Client.JoinAsync("room");
        await second.Client.JoinAsync("room");

        await first.VanishAsync();

        Assert.Equal(1, Hub.User("ann").Count);
        Assert.Equal([second.Client], Hub.Room("room").Members);
    }

    [Fact]
    public async Task A_connection_cannot_be_added_twice()
    {
        var peer = await _scene.ConnectAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => Hub.AddAsync(peer.Client.Connection, "again").AsTask());

        Assert.Equal((1, 0), (Hub.Count, Hub.User("again").Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("123456789")]
    [InlineData("ääääé")]
    [InlineData("a\nb")]
    [InlineData("\u0085")]
    public async Task An_id_that_cannot_be_is_refused(string id)
    {
        var pair = _scene.CreatePair();

        await Assert.ThrowsAsync<ArgumentException>(() => Hub.AddAsync(pair.Server, id).AsTask());

        Assert.Equal((0, 0), (Hub.Count, Hub.User(id).Count));
        Assert.False(pair.Server.IsClosed);
    }

    [Fact]
    public async Task A_client_of_another_hub_is_no_member_and_cannot_be_made_one()
    {
        await using var elsewhere = new HubScene();
        var stranger = await elsewhere.ConnectAsync();
        await stranger.Client.JoinAsync("room");
        var room = Hub.Room("room");

        Assert.False(room.Contains(stranger.Client));
        await Assert.ThrowsAsync<ArgumentException>(() => room.JoinAsync(stranger.Client).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => room.LeaveAsync(stranger.Client).AsTask());
        Assert.Equal(1, elsewhere.Hub.Room("room").Count);
    }

    [Fact]
    public async Task Values_are_kept_with_the_client()
    {
        var client = (await _scene.ConnectAsync()).Client;
        Assert.Null(client.Get<string>("name"));

        client.Set("name", "Ann");
        client.Set("age", 7);

        Assert.Equal("Ann", client.Get<string>("name"));
        Assert.Equal(7, client.Get<int>("age"));
        Assert.Equal(0, client.Get<int>("name"));
        Assert.Null(client.Get<string>("Name"));
        Assert.True(client.TryGet("age", out int age));
        Assert.Equal(7, age);
        Assert.False(client.TryGet("age", out string? _));
        Assert.False(client.TryGet("size", out int _));
    }

    [Fact]
    public async Task Disposing_a_client_waits_until_it_has_left()
    {
        var ann = await _scene.ConnectAsync("ann");
        await ann.Client.JoinAsync("room");

        var disposal = ann.Client.DisposeAsync();
        await ann.Peer.ExpectCloseAsync(CloseCode.NormalClosure);
        await ann.Peer.SendCloseAsync();
        await ann.Peer.EndAsync();
        await disposal.AsTask().Soon();

        Assert.Equal((0, 0, 0), (Hub.Count, Hub.User("ann").Count, Hub.Room("room").Count));
    }
}
