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
