using System.Collections.Concurrent;
using CsCheck;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Threads that join, leave, broadcast, delete and end at once leave nothing behind, and everybody sees one order.</summary>
public sealed class HubRaceTests
{
    private static readonly string[] _rooms = ["a", "b"];

    [Fact]
    public void Any_operations_on_several_threads_leave_nothing_behind()
    {
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[2, 6]).Sample(
            (seed, clients) => RunAsync(seed, clients).GetAwaiter().GetResult(), iter: 60, threads: 1);
    }

    [Fact]
    public async Task A_join_that_races_with_the_end_leaves_no_member()
    {
        await using var scene = new HubScene();
        for (var round = 0; round < 500; round++)
        {
            var peer = await scene.ConnectAsync("user");
            using var start = new Barrier(3);
            var joins = new[] { "a", "b" }.Select(room => Task.Run(() =>
            {
                start.SignalAndWait();
                return peer.Client.JoinAsync(room).AsTask();
            })).ToArray();
            start.SignalAndWait();
            peer.Client.Connection.Abort();

            await Task.WhenAll(joins).Soon();
            await peer.Client.Departure.Soon();
            Assert.Empty(scene.Hub.RoomNames);
            Assert.Equal((0, 0), (scene.Hub.Count, scene.Hub.User("user").Count));
        }
    }

    [Fact]
    public async Task A_join_that_races_with_a_deletion_is_in_the_room_or_out_of_it()
    {
        await using var scene = new HubScene();
        var peers = await scene.ConnectAsync(4);
        var room = scene.Hub.Room("room");
        for (var round = 0; round < 500; round++)
        {
            var work = peers.Select(peer => Task.Run(() => peer.Client.JoinAsync("room").AsTask())).ToArray();
            var deletion = Task.Run(() => scene.Hub.DeleteRoomAsync("room").AsTask());
            await Task.WhenAll(work).Soon();
            await deletion.Soon();

            var members = peers.Where(peer => peer.Client.IsIn("room")).ToList();
            Assert.Equal(members.Select(peer => peer.Client.Id).Order(), room.Members.Select(client => client.Id).Order());
            Assert.Equal(members.Count > 0, scene.Hub.TryGetRoom("room", out _));
            Assert.Equal(members.Count, (await room.BroadcastTextAsync("hello")).Queued);
            foreach (var peer in peers)
            {
                var isMember = members.Contains(peer);
                Assert.Equal(isMember ? 1 : 0, (await peer.TextsSoFarAsync()).Count);
                Assert.Equal(isMember ? ["room"] : [], peer.Client.Rooms.Select(joined => joined.Name));
                Assert.Equal(isMember, await peer.Client.LeaveAsync("room"));
            }

            Assert.Empty(scene.Hub.RoomNames);
        }
    }

    [Fact]
    public async Task A_thousand_members_that_end_at_once_all_leave()
    {
        const int Members = 1000;
        var gone = 0;
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnDisconnected = (_, _) => Task.FromResult(Interlocked.Increment(ref gone)),
        });
        var peers = await scene.ConnectAsync(Members);
        var room = scene.Hub.Room("room");
        foreach (var peer in peers)
        {
            await room.JoinAsync(peer.Client);
        }

        var broadcasting = Task.Run(async () =>
        {
            while (room.Count > 0)
            {
                await room.BroadcastTextAsync("tick");
            }
        });
        await Parallel.ForEachAsync(peers, async (peer, _) => await peer.Peer.EndAsync());
        await Task.WhenAll(peers.Select(peer => peer.Client.Departure)).Soon();
        await broadcasting.Soon();

        Assert.Equal((Members, 0), (gone, scene.Hub.Count));
        Assert.Empty(scene.Hub.RoomNames);
        await Wait.Eventually(() => TimerWheel.For(scene.Time).Count == 0, "no timer is left");
        await scene.ConnectAsync();
    }

    private static async Task RunAsync(int seed, int clients)
    {
        var gone = new ConcurrentQueue<HubClient>();
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnDisconnected = (client, _) =>
            {
                gone.Enqueue(client);
                return Task.CompletedTask;
            },
        });
        var hub = scene.Hub;
        var stayer = await scene.ConnectAsync();
        var peers = await scene.ConnectAsync(clients);
        await Task.WhenAll(_rooms.Select(room => stayer.Client.JoinAsync(room).AsTask()));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
        {
            var random = new Random(seed + thread);
            for (var i = 0; i < 100; i++)
            {
                await StepAsync(hub, peers[random.Next(clients)].Client, random, $"{thread} {i}");
            }
        }))).Soon();

        var all = await stayer.TextsSoFarAsync();
        foreach (var peer in peers.Where(peer => !peer.Client.Connection.IsClosed))
        {
            Assert.All(_rooms, room => Assert.Equal(hub.Room(room).Members.Contains(peer.Client), peer.Client.IsIn(room)));
            AssertInOrder(await peer.TextsSoFarAsync(), all);
        }

        await Task.WhenAll(peers.Append(stayer).Select(peer => peer.VanishAsync()));
        Assert.Equal(0, hub.Count);
        Assert.Empty(hub.RoomNames);
        Assert.Equal(clients + 1, gone.Count);
        Assert.Distinct(gone);
    }

    private static async Task StepAsync(WebSocketHub hub, HubClient client, Random random, string text)
    {
        var room = hub.Room(_rooms[random.Next(_rooms.Length)]);
        switch (random.Next(100))
        {
            case < 35:
                await room.JoinAsync(client);
                break;
            case < 55:
                await client.LeaveAsync(room.Name);
                break;
            case < 98:
                var result = await room.BroadcastTextAsync($"{room.Name} {text}");
                Assert.Equal(result.Targeted, result.Queued + result.Closed);
                break;
            default:
                client.Connection.Abort();
                break;
        }
    }

    // What a member saw of a room is in the order in which the one who stayed saw it.
    private static void AssertInOrder(List<string> seen, List<string> all)
    {
        foreach (var room in _rooms)
        {
            var positions = seen.Where(text => text.StartsWith(room, StringComparison.Ordinal)).Select(text => all.IndexOf(text)).ToList();
            Assert.DoesNotContain(-1, positions);
            Assert.Equal(positions.Order(), positions);
            Assert.Distinct(positions);
        }
    }
}
