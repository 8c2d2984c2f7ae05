using System.Collections.Concurrent;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Closing a hub closes all, refuses newcomers and takes a bounded time.</summary>
public sealed class HubCloseTests
{
    [Fact]
    public async Task All_are_closed_with_the_code_and_leave()
    {
        var gone = new ConcurrentQueue<CloseInfo>();
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnDisconnected = (_, disconnect) =>
            {
                gone.Enqueue(disconnect.Close);
                return Task.CompletedTask;
            },
        });
        var peers = await scene.ConnectAsync(3);
        await peers[0].Client.JoinAsync("room");

        var closing = scene.Hub.CloseAsync(CloseCode.ServiceRestart, "deploy");
        foreach (var peer in peers)
        {
            Assert.Equal("deploy", (await peer.Peer.ExpectCloseAsync(CloseCode.ServiceRestart)).CloseReason);
            Assert.False(closing.IsCompleted);
            await peer.Peer.SendCloseAsync((int)CloseCode.ServiceRestart);
        }

        await closing.Soon();
        await Task.WhenAll(peers.Select(peer => peer.Client.Departure)).Soon();
        Assert.Equal(0, scene.Hub.Count);
        Assert.Empty(scene.Hub.RoomNames);
        Assert.Equal(3, gone.Count);
        Assert.All(gone, close => Assert.Equal((CloseCode.ServiceRestart, CloseCause.ClosedHere), (close.Code, close.Cause)));
    }

    [Fact]
    public async Task Clients_that_say_nothing_and_read_nothing_do_not_hold_it_up()
    {
        await using var scene = new HubScene();
        await scene.ConnectAsync(2);
        await using var stuck = await StuckPeer.ConnectAsync(scene);
        await stuck.Client.SendTextAsync("never taken");

        var closing = scene.Hub.CloseAsync();
        Assert.False(closing.IsCompleted);
        scene.Time.Advance(TimeSpan.FromSeconds(5));

        await closing.Soon();
        Assert.Equal(JoinResult.Closed, await stuck.Client.JoinAsync("room"));
    }

    [Fact]
    public async Task Callbacks_and_handlers_that_never_return_do_not_hold_it_up()
    {
        var never = new TaskCompletionSource();
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnConnected = (client, _) => client.Id == "stuck" ? never.Task : Task.CompletedTask,
            OnDisconnected = (_, _) => never.Task,
        });
        var pair = scene.CreatePair();
        _ = scene.Hub.AddAsync(pair.Server, "stuck").AsTask();
        await scene.ConnectAsync("fine");

        var closing = scene.Hub.CloseAsync();
        scene.Time.Advance(TimeSpan.FromSeconds(5));

        await closing.Soon();
        await Wait.Eventually(() => scene.Hub.Count == 0, "all have left");
    }

    [Fact]
    public async Task A_newcomer_is_closed_with_1001_and_no_callback_is_called()
    {
        var calls = 0;
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnConnected = (_, _) => Task.FromResult(Interlocked.Increment(ref calls)),
            OnDisconnected = (_, _) => Task.FromResult(Interlocked.Increment(ref calls)),
        });
        await scene.Hub.CloseAsync();
        var pair = scene.CreatePair();

        await Assert.ThrowsAsync<HubClosedException>(() => scene.Hub.AddAsync(pair.Server, "late").AsTask());

        await pair.Client.ExpectCloseAsync(CloseCode.GoingAway);
        await pair.Client.SendCloseAsync(1001);
        await Wait.Eventually(() => scene.Hub.Count == 0, "the newcomer has left");
        Assert.Equal((0, 0), (calls, scene.Hub.User("late").Count));
    }

    [Fact]
    public async Task Nobody_who_comes_while_it_closes_stays_open()
    {
        for (var round = 0; round < 50; round++)
        {
            await using var scene = new HubScene();
            var pairs = Enumerable.Range(0, 8).Select(_ => scene.CreatePair()).ToArray();
            var adding = Task.Run(async () =>
            {
                foreach (var pair in pairs)
                {
                    try
                    {
                        await scene.Hub.AddAsync(pair.Server);
                    }
                    catch (HubClosedException)
                    {
                        Assert.True(pair.Server.IsClosed);
                    }
                }
            });
            var closing = Task.Run(() => scene.Hub.CloseAsync());

            await adding.Soon();
            await Wait.Eventually(() => pairs.All(pair => pair.Server.IsClosed), "all are closing");
            await scene.Time.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => closing.IsCompleted, "the CloseTimeout of all is over");
            await closing;
            await Wait.Eventually(() => scene.Hub.Count == 0, "all have left");
        }
    }

    [Fact]
    public async Task A_code_or_reason_that_cannot_be_sent_changes_nothing()
    {
        await using var scene = new HubScene();
        var peer = await scene.ConnectAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => scene.Hub.CloseAsync((CloseCode)1005));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => scene.Hub.CloseAsync(CloseCode.GoingAway, new string('x', 124)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => scene.Hub.DisconnectAsync((CloseCode)1006));

        Assert.False(peer.Client.Connection.IsClosed);
        await scene.ConnectAsync();
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_and_the_closing_goes_on()
    {
        await using var scene = new HubScene();
        var peer = await scene.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var closing = scene.Hub.CloseAsync(cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing.Soon());

        await peer.Peer.ExpectCloseAsync(CloseCode.GoingAway);
        var again = scene.Hub.CloseAsync();
        await peer.Peer.SendCloseAsync(1001);
        await again.Soon();
        await scene.Hub.DisposeAsync();
    }

    [Fact]
    public async Task It_may_be_closed_from_its_callbacks()
    {
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnDisconnected = static (client, _) => client.Hub.CloseAsync(),
        });
        var peers = await scene.ConnectAsync(2);

        await peers[0].Peer.EndAsync();
        await peers[1].Peer.ExpectCloseAsync(CloseCode.GoingAway);
        await peers[1].Peer.SendCloseAsync(1001);

        await Task.WhenAll(peers.Select(peer => peer.Client.Departure)).Soon();
        Assert.Equal(0, scene.Hub.Count);
    }
}
