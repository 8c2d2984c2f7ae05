using System.Globalization;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>In which order messages arrive, and from where on.</summary>
public sealed class BroadcastOrderTests : IAsyncDisposable
{
    private readonly HubScene _scene = new();

    private WebSocketHub Hub => _scene.Hub;

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Concurrent_broadcasts_reach_all_members_in_the_same_order()
    {
        const int Broadcasters = 4;
        const int Each = 250;
        var peers = await _scene.ConnectAsync(8);
        foreach (var peer in peers)
        {
            await peer.Client.JoinAsync("room");
        }

        await Task.WhenAll(Enumerable.Range(0, Broadcasters).Select(broadcaster => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                Assert.Equal(peers.Length, (await Hub.Room("room").BroadcastTextAsync($"{broadcaster} {i}")).Queued);
            }
        }))).Soon();

        var expected = await peers[0].TextsSoFarAsync();
        Assert.Equal(Broadcasters * Each, expected.Count);
        for (var broadcaster = 0; broadcaster < Broadcasters; broadcaster++)
        {
            var own = expected.Where(text => text.StartsWith($"{broadcaster} ", StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, Each).Select(i => $"{broadcaster} {i}"), own);
        }

        foreach (var peer in peers.Skip(1))
        {
            Assert.Equal(expected, await peer.TextsSoFarAsync());
        }
    }

    // Where messages are compressed, the second is, and the others are too short for that.
    [Theory]
    [InlineData(MessageCompression.Disabled)]
    [InlineData(MessageCompression.NoContextTakeover)]
    [InlineData(MessageCompression.ContextTakeover)]
    public async Task C40_sends_and_broadcasts_of_one_thread_arrive_in_their_order(MessageCompression compression)
    {
        const int Bursts = 200;
        const int Rounds = 50;
        var other = await _scene.ConnectAsync(compression: compression);
        var peer = await _scene.ConnectAsync(compression: compression);
        var member = await _scene.ConnectAsync(compression: compression);
        await peer.Client.JoinAsync("room");
        await member.Client.JoinAsync("room");
        string[] expected = ["A", new string('B', 600), "C", "D"];

        for (var burst = 0; burst < Bursts; burst++)
        {
            List<Task> sends = [];
            for (var round = 0; round < Rounds; round++)
            {
                sends.Add(peer.Client.SendTextAsync(expected[0]).AsTask());
                sends.Add(Hub.Room("room").BroadcastTextAsync(expected[1]).AsTask());
                sends.Add(peer.Client.SendTextAsync(expected[2]).AsTask());
                sends.Add(Hub.BroadcastTextAsync(expected[3], new SendOptions { Except = other.Client }).AsTask());
            }

            Assert.All(sends, send => Assert.True(send.IsCompletedSuccessfully));
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var text in expected)
                {
                    Assert.Equal(text, await peer.NextTextAsync());
                }

                Assert.Equal(expected[1], await member.NextTextAsync());
                Assert.Equal(expected[3], await member.NextTextAsync());
            }
        }

        Assert.Empty(await other.TextsSoFarAsync());
    }

    [Fact]
    public async Task Who_joins_gets_everything_from_then_on_once()
    {
        const int Joiners = 40;
        const int EachTime = 50;
        var room = Hub.Room("room");
        var peers = await _scene.ConnectAsync(Joiners);
        var (last, allowed) = (-1, 0);
        var broadcasting = Task.Run(async () =>
        {
            while (last + 1 < Joiners * EachTime)
            {
                if (last + 1 < Volatile.Read(ref allowed))
                {
                    await room.BroadcastTextAsync($"{last + 1}");
                    Interlocked.Increment(ref last);
                }
                else
                {
                    await Task.Yield();
                }
            }
        });

        // Which number a client sees first at the least, and at the most.
        var bounds = new List<(int Least, int Most)>();
        for (var i = 0; i < Joiners; i++)
        {
            Interlocked.Add(ref allowed, EachTime);
            SpinWait.SpinUntil(() => Volatile.Read(ref last) >= allowed - EachTime + i % 10);
            var least = Volatile.Read(ref last) + 1;
            Assert.Equal(JoinResult.Joined, await peers[i].Client.JoinAsync("room"));
            bounds.Add((least, Volatile.Read(ref last) + 2));
        }

        await broadcasting.Soon();
        for (var i = 0; i < Joiners; i++)
        {
            var numbers = (await peers[i].TextsSoFarAsync()).ConvertAll(text => int.Parse(text, CultureInfo.InvariantCulture));
            var first = numbers.FirstOrDefault(last + 1);
            Assert.InRange(first, bounds[i].Least, bounds[i].Most);
            Assert.Equal(Enumerable.Range(first, last - first + 1), numbers);
        }
    }

    [Fact]
    public async Task Who_has_left_gets_nothing_more()
    {
        var peer = await _scene.ConnectAsync(configure: static options => options.SendQueueMaxBytes = 256 * 1024 * 1024);
        var room = Hub.Room("room");
        using var end = new CancellationTokenSource();
        var begun = 0;
        var broadcasting = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                await room.BroadcastTextAsync($"{Interlocked.Increment(ref begun)}");
            }
        });

        for (var round = 0; round < 200; round++)
        {
            await peer.Client.JoinAsync("room");
            await peer.Client.LeaveAsync("room");
            var most = Volatile.Read(ref begun);
            Assert.All(await peer.TextsSoFarAsync(), text => Assert.InRange(int.Parse(text, CultureInfo.InvariantCulture), 1, most));
        }

        await end.CancelAsync();
        await broadcasting.Soon();
    }
}
