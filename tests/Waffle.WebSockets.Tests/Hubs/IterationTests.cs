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
    public async Task C56_who_is_there_all_the_time_is_visited_once_whatever_is_done_and_whoever_comes_and_goes()
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
                var guest = await _scene.ConnectAsync("guest");
                guests.Add(guest);
                await room.JoinAsync(guest.Client);
                if (i % 2 == 0)
                {
                    guest.Client.Connection.Abort();
                }
            }
        })));
        do
        {
            foreach (var visited in new[] { await VisitAsync(Hub.Clients), await VisitAsync(room.Members) })
            {
                Assert.Distinct(visited);
                Assert.All(stayers, peer => Assert.Contains(peer.Client, visited));
            }

            Assert.Throws<FormatException>(() =>
            {
                foreach (var client in room.Members)
                {
                    throw new FormatException(client.Id);
                }
            });
            await Task.Yield();
        }
        while (!coming.IsCompleted);

        await coming;
        await VisitAsync(Hub.Clients);
        await Task.WhenAll(guests.Select(guest => guest.Client.Departure)).Soon();
        Assert.Equal((5, 5), (Hub.Count, room.Count));
        Assert.Equal(["room"], Hub.RoomNames);
        foreach (var peer in stayers)
        {
            Assert.Contains("visiting", await peer.TextsSoFarAsync());
        }

        // Closes each guest, moves each of the others about, deletes a room and broadcasts.
        async Task<List<HubClient>> VisitAsync(IEnumerable<HubClient> clients)
        {
            var visited = new List<HubClient>();
            foreach (var client in clients)
            {
                visited.Add(client);
                if (client.Id == "guest")
                {
                    client.Connection.Abort();
                    continue;
                }

                await client.JoinAsync("side");
                await client.LeaveAsync("side");
                await client.JoinAsync("side");
                await Hub.DeleteRoomAsync("side");
            }

            await room.BroadcastTextAsync("visiting");
            return visited;
        }
    }
}
