using System.Collections.Concurrent;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Clients and members are iterated as they were when asked for, whatever is done meanwhile.</summary>
public sealed class IterationTests : IAsyncDisposable
{
    private readonly HubScene _scene = new();

    private WebSocketHub Hub => _scene.Hub;

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task The_visited_ones_may_be_closed_moved_and_sent_to()
    {
        var peers = await _scene.ConnectAsync(10);
        var room = Hub.Room("room");
        foreach (var peer in peers)
        {
            await room.JoinAsync(peer.Client);
        }

        var everybody = Hub.Clients;
        var visited = new List<HubClient>();
        foreach (var client in room.Members)
        {
            visited.Add(client);
            await client.LeaveAsync("room");
            await client.JoinAsync("other");
            await room.BroadcastTextAsync("who is still here?");
            await Hub.DeleteRoomAsync("other");
            client.Connection.Abort();
        }

        var left = new List<HubClient>();
        foreach (var client in everybody)
        {
            client.Connection.Abort();
            await client.Departure.Soon();
            left.Add(client);
        }

        Assert.Equal(peers.Select(peer => peer.Client), visited);
        Assert.Equal(visited, left);
        Assert.Equal(0, Hub.Count);
        Assert.Empty(Hub.RoomNames);
    }

    [Fact]
    public async Task An_exception_in_the_loop_leaves_nothing_locked()
    {
        var peers = await _scene.ConnectAsync(3);
        await peers[0].Client.JoinAsync("room");

        Assert.Throws<FormatException>(() =>
        {
            foreach (var client in Hub.Room("room").Members)
            {
                throw new FormatException(client.Id);
            }
        });

        Assert.Equal(JoinResult.Joined, await Task.Run(() => peers[1].Client.JoinAsync("room").AsTask()).Soon());
        Assert.Equal(2, (await Task.Run(() => Hub.Room("room").BroadcastTextAsync("fine").AsTask()).Soon()).Queued);
    }

    [Fact]
    public async Task Who_is_there_all_the_time_is_visited_once_while_others_come_and_go()
    {
        var stayers = await _scene.ConnectAsync(5);
        var room = Hub.Room("room");
        foreach (var peer in stayers)
        {
            await room.JoinAsync(peer.Client);
        }

        var guests = new ConcurrentBag<HubPeer>();
        var coming = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                var guest = await _scene.ConnectAsync();
                guests.Add(guest);
                await room.JoinAsync(guest.Client);
                guest.Client.Connection.Abort();
            }
        })));
        do
        {
            var clients = Hub.Clients.ToList();
            var members = room.Members.ToList();
            Assert.Distinct(clients);
            Assert.Distinct(members);
            Assert.All(stayers, peer => Assert.Contains(peer.Client, clients));
            Assert.All(stayers, peer => Assert.Contains(peer.Client, members));
            await Task.Yield();
        }
        while (!coming.IsCompleted);

        await coming;
        await Task.WhenAll(guests.Select(guest => guest.Client.Departure)).Soon();
        Assert.Equal((5, 5), (Hub.Count, room.Count));
    }
}
