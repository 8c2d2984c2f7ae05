using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>The disconnect callback comes once, last, and knows how the connection ended.</summary>
public sealed class DisconnectCallbackTests
{
    private readonly ConcurrentQueue<(HubClient Client, HubDisconnect Disconnect)> _calls = new();

    public static TheoryData<string, CloseCode, CloseCause> Ends => new()
    {
        { "the peer closes", (CloseCode)4001, CloseCause.PeerClosed },
        { "the peer vanishes", CloseCode.AbnormalClosure, CloseCause.PeerVanished },
        { "the server closes", (CloseCode)4002, CloseCause.ClosedHere },
        { "the server aborts", CloseCode.AbnormalClosure, CloseCause.Aborted },
        { "the peer breaks a rule", CloseCode.ProtocolError, CloseCause.ProtocolViolation },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task It_is_called_once_with_the_cause_and_the_rooms(string end, CloseCode code, CloseCause cause)
    {
        await using var scene = new HubScene(Recording());
        var peer = await scene.ConnectAsync();
        await peer.Client.JoinAsync("a");
        await peer.Client.JoinAsync("b");
        await peer.Client.JoinAsync("c");
        await peer.Client.LeaveAsync("b");

        switch (end)
        {
            case "the peer closes":
                await peer.Peer.SendCloseAsync((int)code, "bye");
                break;
            case "the peer vanishes":
                await peer.Peer.EndAsync();
                break;
            case "the server closes":
                _ = peer.Client.CloseAsync(code, "bye");
                await peer.Peer.SendCloseAsync((int)code);
                break;
            case "the server aborts":
                peer.Client.Connection.Abort();
                break;
            default:
                await peer.Peer.SendFrameAsync(RawFrame.TextOpcode, isMasked: false);
                await peer.Peer.EndAsync();
                break;
        }

        await peer.Client.Departure.Soon();
        var (client, disconnect) = Assert.Single(_calls);
        Assert.Same(peer.Client, client);
        Assert.Equal((code, cause), (disconnect.Close.Code, disconnect.Close.Cause));
        Assert.Equal(["a", "c"], disconnect.RoomNames.Order());
        Assert.Equal(await peer.Client.Connection.Completion, disconnect.Close);
    }

    [Fact]
    public async Task What_it_throws_is_logged_once_and_hurts_nobody()
    {
        await using var scene = new HubScene(
            new WebSocketHubOptions { OnDisconnected = static (_, _) => throw new FormatException("oops") });
        var other = await scene.ConnectAsync();
        var peer = await scene.ConnectAsync();
        await peer.Client.JoinAsync("room");

        await peer.VanishAsync();

        var line = Assert.Single(scene.Logs.Lines);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.IsType<FormatException>(line.Error);
        Assert.Equal(1, scene.Hub.Count);
        Assert.Empty(scene.Hub.RoomNames);
        Assert.Equal(SendStatus.Queued, await other.Client.SendTextAsync("still here"));
    }

    [Fact]
    public async Task Within_it_the_client_is_gone_and_the_others_can_be_told()
    {
        var seen = new ConcurrentQueue<object>();
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnDisconnected = async (client, disconnect) =>
            {
                var room = client.Hub.Room("room");
                seen.Enqueue(room.Contains(client));
                seen.Enqueue(client.Hub.TryGetClient(client.Connection.Id, out _));
                seen.Enqueue(await client.SendTextAsync("are you there?"));
                seen.Enqueue(await client.JoinAsync("room"));
                seen.Enqueue(await client.LeaveAsync("room"));
                seen.Enqueue(await room.BroadcastTextAsync($"{client.Id} left {string.Join(',', disconnect.RoomNames)}"));
                client.Set("key", 1);
                await client.CloseAsync();
                await client.Connection.DisposeAsync();
                client.Connection.Abort();
            },
        });
        var ann = await scene.ConnectAsync("ann");
        var bob = await scene.ConnectAsync("bob");
        await ann.Client.JoinAsync("room");
        await bob.Client.JoinAsync("room");

        await ann.VanishAsync();

        Assert.Equal([false, false, SendStatus.Closed, JoinResult.Closed, false, new BroadcastResult(1, 0, 0)], seen);
        Assert.Equal(["ann left room"], await bob.TextsSoFarAsync());
        Assert.Empty(scene.Logs.Lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task C24_what_hears_of_a_connections_end_may_call_anything(bool isCallbackOfClosed)
    {
        var seen = new TaskCompletionSource<object[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var scene = new HubScene(Recording());
        var ann = await scene.ConnectAsync("ann");
        var bob = await scene.ConnectAsync("bob");
        await ann.Client.JoinAsync("room");
        await bob.Client.JoinAsync("room");
        var calls = 0;
        _ = isCallbackOfClosed
            ? ann.Client.Connection.Closed.Register(() => _ = CallAsync())
            : (object)ann.Client.Connection.Completion.ContinueWith(_ => CallAsync(), TaskScheduler.Default);

        await ann.VanishAsync();

        Assert.Equal([SendStatus.Closed, JoinResult.Closed, 1], await seen.Task.Soon());
        Assert.Equal(["ann left"], await bob.TextsSoFarAsync());
        Assert.Equal((1, 1), (calls, _calls.Count));
        Assert.Equal(["room"], scene.Hub.RoomNames);
        Assert.Equal([bob.Client], scene.Hub.Room("room").Members);
        Assert.Empty(scene.Logs.Lines);

        async Task CallAsync()
        {
            try
            {
                calls++;
                await ann.Client.CloseAsync((CloseCode)4001, "again");
                ann.Client.Set("key", 1);
                var sent = await ann.Client.SendTextAsync("are you there?");
                var joined = await ann.Client.JoinAsync("other");
                var told = await scene.Hub.Room("room").BroadcastTextAsync("ann left", new SendOptions { Except = ann.Client });
                seen.SetResult([sent, joined, told.Queued]);
            }
            catch (Exception error)
            {
                seen.SetException(error);
            }
        }
    }

    [Fact]
    public async Task C51_after_a_reset_it_knows_the_rooms_and_can_say_goodbye_there()
    {
        var goodbyes = new ConcurrentQueue<BroadcastResult>();
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnDisconnected = async (client, disconnect) =>
            {
                foreach (var name in disconnect.RoomNames)
                {
                    goodbyes.Enqueue(await client.Hub.Room(name).BroadcastTextAsync($"{client.Id} left {name}"));
                }
            },
        });
        var ann = await scene.ConnectAsync("ann");
        var bob = await scene.ConnectAsync("bob");
        foreach (var name in new[] { "a", "b", "c" })
        {
            await ann.Client.JoinAsync(name);
        }

        await bob.Client.JoinAsync("a");
        await bob.Client.JoinAsync("b");
        await ann.Client.LeaveAsync("b");
        AssertIsIn(["a", "c"]);
        Assert.Equal(["a", "b", "c"], scene.Hub.RoomNames.Order());

        await ann.Peer.Transport.Output.CompleteAsync(new IOException("reset"));
        await ann.Client.Departure.Soon();

        Assert.Equal(["ann left a"], await bob.TextsSoFarAsync());
        Assert.Equal([new BroadcastResult(0, 0, 0), new BroadcastResult(1, 0, 0)], goodbyes.OrderBy(goodbye => goodbye.Queued));
        AssertIsIn([]);
        Assert.Equal(["a", "b"], scene.Hub.RoomNames.Order());
        Assert.Equal((1, 1), (scene.Hub.Room("a").Count, scene.Hub.Room("b").Count));

        // In every view: the client's, each room's and the hub's.
        void AssertIsIn(string[] rooms)
        {
            Assert.Equal(rooms, ann.Client.Rooms.Select(room => room.Name).Order());
            foreach (var name in new[] { "a", "b", "c" })
            {
                var isIn = rooms.Contains(name);
                Assert.Equal(isIn, ann.Client.IsIn(name));
                Assert.Equal(isIn, scene.Hub.Room(name).Contains(ann.Client));
                Assert.Equal(isIn, scene.Hub.Room(name).Members.Contains(ann.Client));
            }
        }
    }

    public static MatrixTheoryData<bool, bool> WaysToWait => new([false, true], [false, true]);

    [Theory]
    [MemberData(nameof(WaysToWait))]
    public async Task C18_it_comes_once_for_a_Close_that_the_peer_never_answers(bool isReadPending, bool hasToken)
    {
        const int Messages = 20;
        await using var scene = new HubScene(Recording());
        var peer = await scene.ConnectAsync();
        for (var i = 0; i < Messages; i++)
        {
            await peer.Peer.SendTextAsync("nobody reads this");
        }

        await peer.Peer.SyncAsync();
        for (var i = 0; isReadPending && i < Messages; i++)
        {
            await peer.Client.Connection.ReadTextAsync().Soon();
        }

        var read = isReadPending ? peer.Client.Connection.ReadAsync().AsTask() : null;
        using var impatience = new CancellationTokenSource(TimeSpan.FromSeconds(1), scene.Time);
        var closing = peer.Client.CloseAsync(cancellationToken: hasToken ? impatience.Token : default);
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        if (hasToken)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing.Soon());
        }

        Assert.False(peer.Client.Connection.Completion.IsCompleted);
        scene.Time.Advance(peer.Client.Connection.Options.CloseTimeout);
        await peer.Client.Departure.Soon();
        if (!hasToken)
        {
            await closing.Soon();
        }

        if (read is not null)
        {
            await Assert.ThrowsAsync<ConnectionClosedException>(() => read.Soon());
        }

        Assert.Equal(CloseCause.ClosedHere, Assert.Single(_calls).Disconnect.Close.Cause);
        await peer.Peer.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.Null(await peer.Peer.ReadFrameAsync());
    }

    [Fact]
    public async Task Messages_that_came_before_the_peers_Close_are_handled_while_the_client_is_a_member()
    {
        await using var scene = new HubScene(Recording());
        var peer = await ConnectMemberWithLastWordsAsync(scene);

        Assert.Equal("last words", await peer.Client.Connection.ReadTextAsync().Soon());
        Assert.True(peer.Client.IsIn("room"));
        Assert.Equal(1, scene.Hub.Count);
        Assert.Empty(_calls);

        await Assert.ThrowsAsync<ConnectionClosedException>(() => peer.Client.Connection.ReadAsync().AsTask().Soon());
        await peer.Client.Departure.Soon();
        Assert.Equal("room", Assert.Single(Assert.Single(_calls).Disconnect.RoomNames));
    }

    [Fact]
    public async Task A_message_that_is_handled_for_ever_keeps_the_client_a_member_for_one_second()
    {
        await using var scene = new HubScene(Recording());
        var peer = await ConnectMemberWithLastWordsAsync(scene);
        await peer.Client.Connection.ReadTextAsync().Soon();

        scene.Time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(peer.Client.Departure.IsCompleted);
        Assert.True(peer.Client.IsIn("room"));

        // The second begins a moment after the end.
        await scene.Time.AdvanceUntilAsync(TimeSpan.FromMilliseconds(100), () => peer.Client.Departure.IsCompleted, "the client has left");
        Assert.Single(_calls);
        Assert.Equal(0, scene.Hub.Count);
        Assert.Empty(scene.Hub.RoomNames);
    }

    [Fact]
    public async Task It_is_called_after_the_client_was_removed_for_a_full_queue()
    {
        await using var scene = new HubScene(Recording());
        var peer = await scene.ConnectAsync(configure: static options => options.SendQueueMaxMessages = 1, capacity: 1);
        await peer.Client.SendTextAsync("under way");
        await peer.Client.SendTextAsync("waits");

        Assert.Equal(SendStatus.Dropped, await peer.Client.SendTextAsync("too much"));
        scene.Time.Advance(TimeSpan.FromSeconds(1));
        await peer.Client.Departure.Soon();

        var close = Assert.Single(_calls).Disconnect.Close;
        Assert.Equal((CloseCode.TryAgainLater, CloseCause.SlowConsumer), (close.Code, close.Cause));
        Assert.Equal(0, scene.Hub.Count);
    }

    private static async Task<HubPeer> ConnectMemberWithLastWordsAsync(HubScene scene)
    {
        var peer = await scene.ConnectAsync();
        await peer.Client.JoinAsync("room");
        await peer.Peer.SendTextAsync("last words");
        await peer.Peer.SendCloseAsync();
        await peer.Client.Connection.Completion.Soon();
        return peer;
    }

    private WebSocketHubOptions Recording() => new()
    {
        OnDisconnected = (client, disconnect) =>
        {
            _calls.Enqueue((client, disconnect));
            return Task.CompletedTask;
        },
    };
}
