using System.IO.Pipelines;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Each broadcast tells what became of it for every member, and waits for none of them.</summary>
public sealed class BroadcastCountTests : IAsyncDisposable
{
    private readonly HubScene _scene = new();

    private WebSocketHub Hub => _scene.Hub;

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task Stalled_closing_and_healthy_members_add_up()
    {
        var healthy = await _scene.ConnectAsync(3);
        await using var dropsNewest = await StuckPeer.ConnectFullAsync(_scene, QueueFullPolicy.DropNewest);
        await using var dropsOldest = await StuckPeer.ConnectFullAsync(_scene, QueueFullPolicy.DropOldest);
        await using var waits = await StuckPeer.ConnectFullAsync(_scene, QueueFullPolicy.Wait);
        await using var disconnects = await StuckPeer.ConnectFullAsync(_scene, QueueFullPolicy.Disconnect);
        var closing = await _scene.ConnectAsync();
        _ = closing.Client.CloseAsync();
        var gone = await _scene.ConnectAsync();
        await gone.VanishAsync();

        var result = await Hub.BroadcastTextAsync("hello");

        Assert.Equal(new BroadcastResult(Queued: 4, Dropped: 3, Closed: 1), result);
        Assert.Equal(8, result.Targeted);
        Assert.True(disconnects.Client.Connection.IsClosed);

        // Who overflowed is closing now, and who drops the oldest has lost one.
        Assert.Equal(new BroadcastResult(Queued: 4, Dropped: 2, Closed: 2), await Hub.BroadcastTextAsync("hello again"));
        foreach (var peer in healthy)
        {
            Assert.Equal(["hello", "hello again"], await peer.TextsSoFarAsync());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task C55_a_member_whose_write_fails_and_one_that_is_closing_take_nothing_from_the_others(bool isLate)
    {
        var healthy = await _scene.ConnectAsync(2);
        var output = new FailingOutput(isLate);
        var connection = WebSocketConnection.Create(new DuplexPipe(new Pipe().Reader, output), time: _scene.Time);
        await Hub.AddAsync(connection);
        var closing = await _scene.ConnectAsync();
        _ = closing.Client.CloseAsync();
        healthy = [.. healthy, await _scene.ConnectAsync()];

        Assert.Equal(new BroadcastResult(Queued: 4, Dropped: 0, Closed: 1), await Hub.BroadcastTextAsync("hello"));
        var end = await connection.Completion.Soon();
        Assert.Equal((CloseCause.PeerVanished, output.Error, 1), (end.Cause, end.Error, end.UnsentMessages));
        await Wait.Eventually(() => Hub.Count == 4, "who failed has left");
        Assert.Equal(new BroadcastResult(Queued: 3, Dropped: 0, Closed: 1), await Hub.BroadcastTextAsync("hello again"));
        foreach (var peer in healthy)
        {
            Assert.Equal(["hello", "hello again"], await peer.TextsSoFarAsync());
        }
    }

    [Fact]
    public async Task The_excepted_client_is_left_out_and_not_counted()
    {
        var peers = await _scene.ConnectAsync(3);

        var result = await Hub.BroadcastTextAsync("hello", new SendOptions { Except = peers[1].Client });

        Assert.Equal(new BroadcastResult(2, 0, 0), result);
        Assert.Equal(["hello"], await peers[0].TextsSoFarAsync());
        Assert.Empty(await peers[1].TextsSoFarAsync());
        Assert.Equal(["hello"], await peers[2].TextsSoFarAsync());
    }

    [Fact]
    public async Task Nobody_there_is_no_error()
    {
        Assert.Equal(default, await Hub.BroadcastTextAsync("hello"));
        Assert.Equal(default, await Hub.Room("room").BroadcastTextAsync("hello"));
        Assert.Equal(default, await Hub.User("ann").BroadcastTextAsync("hello"));
        Assert.Equal(new DisconnectResult(0), await Hub.Room("room").DisconnectAsync(CloseCode.GoingAway));
    }

    [Fact]
    public async Task Members_who_do_not_read_hold_up_neither_the_broadcast_nor_the_others()
    {
        var stuck = new List<StuckPeer>();
        var peers = new List<HubPeer>();
        for (var i = 0; i < 100; i++)
        {
            if (i % 20 == 0)
            {
                stuck.Add(await StuckPeer.ConnectAsync(_scene));
            }

            peers.Add(await _scene.ConnectAsync());
        }

        for (var round = 0; round < 20; round++)
        {
            var broadcast = Hub.BroadcastTextAsync($"round {round}");
            Assert.True(broadcast.IsCompletedSuccessfully);
            Assert.Equal(new BroadcastResult(105, 0, 0), await broadcast);
            foreach (var peer in peers)
            {
                Assert.Equal($"round {round}", (await peer.Peer.NextAsync()).Text);
            }
        }

        foreach (var peer in stuck)
        {
            await peer.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(QueueFullPolicy.Wait)]
    public async Task A_broadcast_never_waits(QueueFullPolicy? policy)
    {
        await using var stalled = await StuckPeer.ConnectFullAsync(
            _scene, policy is null ? QueueFullPolicy.Wait : QueueFullPolicy.Disconnect);

        var broadcast = Hub.BroadcastTextAsync("hello", new SendOptions { WhenQueueFull = policy });

        Assert.True(broadcast.IsCompletedSuccessfully);
        Assert.Equal(new BroadcastResult(0, 1, 0), await broadcast);
        Assert.False(stalled.Client.Connection.IsClosed);
    }

    [Theory]
    [InlineData(QueueFullPolicy.DropNewest, 0, 1, false)]
    [InlineData(QueueFullPolicy.DropOldest, 1, 0, false)]
    [InlineData(QueueFullPolicy.Disconnect, 0, 1, true)]
    public async Task The_options_of_a_broadcast_go_before_the_connections(QueueFullPolicy policy, int queued, int dropped, bool isClosed)
    {
        await using var stalled = await StuckPeer.ConnectFullAsync(
            _scene, policy == QueueFullPolicy.Disconnect ? QueueFullPolicy.DropNewest : QueueFullPolicy.Disconnect);
        var options = new SendOptions { WhenQueueFull = policy };

        Assert.Equal(new BroadcastResult(queued, dropped, 0), await Hub.BroadcastTextAsync("hello", options));
        Assert.Equal(isClosed, stalled.Client.Connection.IsClosed);
    }

    [Fact]
    public async Task A_send_to_one_client_waits_where_its_policy_says_so()
    {
        var peer = await _scene.ConnectAsync(configure: static options => options.SendQueueMaxMessages = 1, capacity: 1);
        await peer.Client.SendTextAsync("1");
        await peer.Client.SendTextAsync("2");

        var sending = peer.Client.SendTextAsync("3", new SendOptions { WhenQueueFull = QueueFullPolicy.Wait }).AsTask();
        Assert.False(sending.IsCompleted);
        Assert.Equal(
            SendStatus.Dropped, await peer.Client.SendTextAsync("4", new SendOptions { WhenQueueFull = QueueFullPolicy.DropNewest }));

        Assert.Equal("1", await peer.NextTextAsync());
        Assert.Equal("2", await peer.NextTextAsync());
        Assert.Equal(SendStatus.Queued, await sending.Soon());
        Assert.Equal("3", await peer.NextTextAsync());
    }

    [Fact]
    public async Task A_key_replaces_what_still_waits_under_it()
    {
        var slow = await _scene.ConnectAsync(capacity: 1);
        var fast = await _scene.ConnectAsync();
        await Hub.BroadcastTextAsync("under way");
        for (var price = 1; price <= 3; price++)
        {
            await Hub.BroadcastTextAsync($"price {price}", new SendOptions { Key = "price" });
            await Hub.BroadcastTextAsync($"news {price}");
        }

        await slow.Client.SendTextAsync("Price", new SendOptions { Key = "Price" });
        await slow.Client.SendTextAsync("price 4", new SendOptions { Key = "price" });

        Assert.Equal(["under way", "news 1", "news 2", "news 3", "Price", "price 4"], await slow.TextsSoFarAsync());
        Assert.Equal(["under way", "price 1", "news 1", "price 2", "news 2", "price 3", "news 3"], await fast.TextsSoFarAsync());
    }

    [Theory]
    [InlineData(QueueFullPolicy.Disconnect, SendStatus.Dropped, true)]
    [InlineData(QueueFullPolicy.DropNewest, SendStatus.Dropped, false)]
    [InlineData(QueueFullPolicy.DropOldest, SendStatus.Queued, false)]
    [InlineData(QueueFullPolicy.Wait, null, false)]
    public async Task WhenQueueFull_decides_for_a_send_to_one_client(QueueFullPolicy policy, SendStatus? status, bool isClosed)
    {
        await using var stalled = await StuckPeer.ConnectFullAsync(_scene, policy);
        var sending = stalled.Client.SendTextAsync("one too many");

        Assert.Equal(status is not null, sending.IsCompleted);
        Assert.Equal(isClosed, stalled.Client.Connection.IsClosed);
        stalled.Client.Connection.Abort();
        Assert.Equal(status ?? SendStatus.Closed, await sending.Soon());
    }
}
