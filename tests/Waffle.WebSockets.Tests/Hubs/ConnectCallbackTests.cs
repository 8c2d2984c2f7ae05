using System.Collections.Concurrent;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>The connect callback comes first, once, and its client is a member meanwhile.</summary>
public sealed class ConnectCallbackTests
{
    private readonly ConcurrentQueue<string> _events = new();

    [Fact]
    public async Task AddAsync_returns_when_it_has_ended()
    {
        var gate = new TaskCompletionSource();
        await using var scene = new HubScene(Recording((_, _) => gate.Task));
        var pair = scene.CreatePair();

        var adding = scene.Hub.AddAsync(pair.Server, "ann").AsTask();
        Assert.False(adding.IsCompleted);
        Assert.Equal(["connecting ann"], _events);
        gate.SetResult();

        Assert.Equal("ann", (await adding.Soon()).Id);
        Assert.Equal(["connecting ann", "connected ann"], _events);
    }

    [Fact]
    public async Task Broadcasts_of_others_reach_the_client_meanwhile()
    {
        var gate = new TaskCompletionSource();
        await using var scene = new HubScene(Recording(async (client, token) =>
        {
            await client.JoinAsync("room", token);
            await gate.Task;
        }));
        var pair = scene.CreatePair();
        var adding = scene.Hub.AddAsync(pair.Server).AsTask();

        await scene.Hub.BroadcastTextAsync("to all");
        await scene.Hub.Room("room").BroadcastTextAsync("to the room");
        Assert.Equal("to all", (await pair.Client.NextAsync()).Text);
        Assert.Equal("to the room", (await pair.Client.NextAsync()).Text);

        gate.SetResult();
        await adding.Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task If_it_throws_the_client_is_closed_with_1011_and_leaves(bool isLate)
    {
        await using var scene = new HubScene(
            Recording(isLate ? ThrowLateAsync : static (_, _) => throw new FormatException("no such user")));
        var pair = scene.CreatePair();

        var error = await Assert.ThrowsAsync<FormatException>(() => scene.Hub.AddAsync(pair.Server, "ann").AsTask().Soon());
        var close = await pair.Client.ExpectCloseAsync(CloseCode.InternalError);
        Assert.DoesNotContain("user", close.CloseReason, StringComparison.Ordinal);
        await pair.Client.SendCloseAsync(1011);
        var end = await pair.Server.Completion.Soon();

        Assert.Equal((CloseCause.HandlerFailed, error), (end.Cause, end.Error));
        var rooms = isLate ? "a,b" : string.Empty;
        await Wait.Eventually(() => _events.Count == 2, "the disconnect callback");
        Assert.Equal(["connecting ann", $"gone ann {CloseCause.HandlerFailed} from {rooms}"], _events);
        Assert.Empty(scene.Hub.RoomNames);
        Assert.Equal(0, scene.Hub.Count);
    }

    [Fact]
    public async Task It_may_close_the_connection()
    {
        await using var scene = new HubScene(Recording((client, _) =>
        {
            client.Connection.BeginClose((CloseCode)4100, "busy");
            return Task.CompletedTask;
        }));
        var peer = await scene.ConnectAsync("ann");

        Assert.Equal("busy", (await peer.Peer.ExpectCloseAsync((CloseCode)4100)).CloseReason);
        await peer.Peer.SendTextAsync("too late");
        await peer.Peer.SendCloseAsync(4100);
        await peer.Client.Departure.Soon();

        Assert.Equal(["connecting ann", "connected ann", "gone ann ClosedHere from "], _events);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => peer.Client.Connection.ReadAsync().AsTask());
    }

    [Fact]
    public async Task The_disconnect_callback_waits_for_it_although_the_client_has_left()
    {
        var gate = new TaskCompletionSource();
        await using var scene = new HubScene(Recording(async (client, token) =>
        {
            await client.JoinAsync("room", token);
            await gate.Task;
            _events.Enqueue($"late join: {await client.JoinAsync("other", CancellationToken.None)}");
        }));
        var pair = scene.CreatePair();
        var adding = scene.Hub.AddAsync(pair.Server, "ann").AsTask();

        await pair.Client.EndAsync();
        await Wait.Eventually(() => scene.Hub.Count == 0, "the client has left");
        Assert.Empty(scene.Hub.RoomNames);
        Assert.Equal(0, scene.Hub.User("ann").Count);
        Assert.Equal(["connecting ann"], _events);
        gate.SetResult();

        var client = await adding.Soon();
        await client.Departure.Soon();
        Assert.Equal(["connecting ann", "late join: Closed", "connected ann", "gone ann PeerVanished from room"], _events);
        Assert.Empty(scene.Hub.RoomNames);
    }

    [Fact]
    public async Task Its_token_is_cancelled_by_the_end_of_the_connection()
    {
        await using var scene = new HubScene(Recording(async (_, token) =>
        {
            var cancelled = new TaskCompletionSource();
            await using var registration = token.Register(cancelled.SetResult);
            await cancelled.Task;
            token.ThrowIfCancellationRequested();
        }));
        var pair = scene.CreatePair();
        var adding = scene.Hub.AddAsync(pair.Server, "ann").AsTask();

        await pair.Client.EndAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding.Soon());
        await Wait.Eventually(() => _events.Count == 2, "the disconnect callback");
        Assert.Equal(["connecting ann", "gone ann PeerVanished from "], _events);
    }

    [Fact]
    public async Task Its_token_serves_what_it_starts_for_the_connections_whole_life()
    {
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await using var scene = new HubScene(Recording((_, token) =>
        {
            token.Register(ended.SetResult);
            started.SetResult();
            return Task.CompletedTask;
        }));
        var peer = await scene.ConnectAsync();
        await started.Task.Soon();
        Assert.False(ended.Task.IsCompleted);

        await peer.VanishAsync();

        await ended.Task.Soon();
    }

    [Fact]
    public async Task The_callers_token_cancels_it_too()
    {
        using var cancellation = new CancellationTokenSource();
        await using var scene = new HubScene(Recording((_, token) => Wait.ForCancellationAsync(token)));
        var pair = scene.CreatePair();
        var adding = scene.Hub.AddAsync(pair.Server, "ann", cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding.Soon());
        await pair.Client.ExpectCloseAsync(CloseCode.InternalError);
    }

    [Fact]
    public async Task A_connection_that_ended_before_it_was_added_gets_both_callbacks()
    {
        await using var scene = new HubScene(Recording((_, _) => Task.CompletedTask));
        var pair = scene.CreatePair();
        pair.Server.Abort();
        await pair.Server.Completion.Soon();

        var client = await scene.Hub.AddAsync(pair.Server, "ann").Soon();
        await client.Departure.Soon();

        Assert.Equal(["connecting ann", "connected ann", "gone ann Aborted from "], _events);
        Assert.Equal((0, 0), (scene.Hub.Count, scene.Hub.User("ann").Count));
    }

    private static async Task ThrowLateAsync(HubClient client, CancellationToken cancellationToken)
    {
        await client.JoinAsync("a", cancellationToken);
        await Task.Yield();
        await client.JoinAsync("b", cancellationToken);
        throw new FormatException("no such user");
    }

    private WebSocketHubOptions Recording(Func<HubClient, CancellationToken, Task> onConnected) => new()
    {
        OnConnected = async (client, token) =>
        {
            _events.Enqueue($"connecting {client.Id}");
            await onConnected(client, token);
            _events.Enqueue($"connected {client.Id}");
        },
        OnDisconnected = (client, disconnect) =>
        {
            _events.Enqueue($"gone {client.Id} {disconnect.Close.Cause} from {string.Join(',', disconnect.RoomNames.Order())}");
            return Task.CompletedTask;
        },
    };
}
