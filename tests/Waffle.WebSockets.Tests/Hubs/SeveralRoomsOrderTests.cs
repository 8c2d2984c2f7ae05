using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Broadcasts of several threads to rooms named in any order keep each room's order and do not lock each other up.</summary>
public sealed class SeveralRoomsOrderTests : IAsyncDisposable
{
    private static readonly string[][] _targets = [["a", "b"], ["b", "a", "c"], ["c", "a"], ["c", "b"], ["a"], ["b"]];

    private readonly HubScene _scene = new();

    private WebSocketHub Hub => _scene.Hub;

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task All_members_of_a_room_see_one_order_of_all_that_goes_through_it()
    {
        const int Threads = 4;
        const int Each = 250;
        string[][] memberships = [["a"], ["a", "b"], ["a", "b", "c"], ["b"], ["b", "c"], ["c"], ["c", "a"]];
        var peers = new List<HubPeer>();
        foreach (var rooms in memberships)
        {
            peers.Add(await _scene.ConnectAsync());
            foreach (var room in rooms)
            {
                await peers[^1].Client.JoinAsync(room);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                var target = _targets[(i + thread) % _targets.Length];
                var expected = memberships.Count(rooms => rooms.Intersect(target).Any());
                var result = await Hub.Rooms(target).BroadcastTextAsync($"{string.Concat(target)} {thread} {i}");
                Assert.Equal(new BroadcastResult(expected, 0, 0), result);
            }
        }))).Soon();

        var texts = new List<List<string>>();
        foreach (var peer in peers)
        {
            texts.Add(await peer.TextsSoFarAsync());
            Assert.Distinct(texts[^1]);
        }

        // Who is in all rooms has it all.
        Assert.Equal(Threads * Each, texts[2].Count);
        foreach (var room in new[] { "a", "b", "c" })
        {
            var members = Enumerable.Range(0, peers.Count).Where(i => memberships[i].Contains(room));
            var seen = members.Select(i => Through(room, texts[i])).ToList();
            Assert.All(seen, own => Assert.Equal(seen[0], own));
        }
    }

    [Fact]
    public async Task Joins_leaves_and_deletions_meanwhile_lock_nothing_up()
    {
        var peers = await _scene.ConnectAsync(6);
        var broadcasters = Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                var result = await Hub.Rooms(_targets[(i + thread) % _targets.Length])
                    .BroadcastTextAsync("x", new SendOptions { WhenQueueFull = QueueFullPolicy.DropOldest });
                Assert.InRange(result.Queued, 0, peers.Length);
                Assert.Equal(result.Targeted, result.Queued);
            }
        }));
        var movers = peers.Select((peer, number) => Task.Run(async () =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                foreach (var room in _targets[(i + number) % _targets.Length])
                {
                    await peer.Client.JoinAsync(room);
                }

                await peer.Client.LeaveAsync("a");
                if (i % 10 == number)
                {
                    await Hub.DeleteRoomAsync("b");
                }
            }
        }));

        await Task.WhenAll([.. broadcasters, .. movers]).Soon();
    }

    private static List<string> Through(string room, List<string> texts) =>
        texts.FindAll(text => text.Split(' ')[0].Contains(room, StringComparison.Ordinal));
}
