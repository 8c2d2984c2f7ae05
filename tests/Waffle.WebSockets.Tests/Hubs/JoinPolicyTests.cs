using System.Collections.Concurrent;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>The join policy is asked before every join, by whatever way.</summary>
public sealed class JoinPolicyTests
{
    [Fact]
    public async Task It_is_asked_on_every_way()
    {
        var asked = new ConcurrentQueue<string>();
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnConnected = async (client, token) => Assert.Equal(JoinResult.Refused, await client.JoinAsync("secret 1", token)),
            OnJoining = (_, room, _) =>
            {
                asked.Enqueue(room);
                return ValueTask.FromResult(!room.StartsWith("secret", StringComparison.Ordinal));
            },
        });
        var peer = await scene.ConnectAsync();

        Assert.Equal(JoinResult.Refused, await peer.Client.JoinAsync("secret 2"));
        Assert.Equal(JoinResult.Refused, await scene.Hub.Room("secret 3").JoinAsync(peer.Client));
        Assert.Equal(JoinResult.Joined, await peer.Client.JoinAsync("open"));

        Assert.Equal(["secret 1", "secret 2", "secret 3", "open"], asked);
        Assert.Equal(["open"], scene.Hub.RoomNames);
        Assert.False(peer.Client.IsIn("secret 2"));
    }

    [Fact]
    public async Task It_gets_the_client_and_the_callers_token()
    {
        (HubClient, CancellationToken)? asked = null;
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnJoining = (client, _, token) =>
            {
                asked = (client, token);
                return ValueTask.FromResult(true);
            },
        });
        var peer = await scene.ConnectAsync();
        using var cancellation = new CancellationTokenSource();

        await peer.Client.JoinAsync("room", cancellation.Token);

        Assert.Equal((peer.Client, cancellation.Token), asked);
    }

    [Fact]
    public async Task It_is_not_asked_for_what_is_decided_already()
    {
        var asked = 0;
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            MaxRoomsPerClient = 1,
            OnJoining = (_, _, _) => ValueTask.FromResult(Interlocked.Increment(ref asked) > 0),
        });
        var peer = await scene.ConnectAsync();
        await peer.Client.JoinAsync("room");

        Assert.Equal(JoinResult.AlreadyMember, await peer.Client.JoinAsync("room"));
        Assert.Equal(JoinResult.LimitReached, await peer.Client.JoinAsync("other"));
        Assert.Equal(JoinResult.Refused, await peer.Client.JoinAsync(string.Empty));
        await peer.VanishAsync();
        Assert.Equal(JoinResult.Closed, await peer.Client.JoinAsync("room"));
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_it_throws_reaches_the_caller_and_nobody_joins(bool isLate)
    {
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            OnJoining = isLate ? ThrowLateAsync : static (_, _, _) => throw new TimeoutException("no answer"),
        });
        var peer = await scene.ConnectAsync();

        var join = peer.Client.JoinAsync("room");
        await Assert.ThrowsAsync<TimeoutException>(() => join.AsTask());
        await Assert.ThrowsAsync<TimeoutException>(() => scene.Hub.Room("room").JoinAsync(peer.Client).AsTask());

        Assert.Empty(scene.Hub.RoomNames);
        Assert.False(peer.Client.Connection.IsClosed);
    }

    [Fact]
    public async Task A_client_that_ends_while_it_is_asked_does_not_join()
    {
        var answer = new TaskCompletionSource<bool>();
        await using var scene = new HubScene(new WebSocketHubOptions { OnJoining = (_, _, _) => new ValueTask<bool>(answer.Task) });
        var peer = await scene.ConnectAsync();

        var join = peer.Client.JoinAsync("room").AsTask();
        await peer.VanishAsync();
        answer.SetResult(true);

        Assert.Equal(JoinResult.Closed, await join.Soon());
        Assert.Empty(scene.Hub.RoomNames);
    }

    [Fact]
    public async Task Two_joins_that_are_asked_at_once_are_one_membership()
    {
        var answer = new TaskCompletionSource<bool>();
        await using var scene = new HubScene(new WebSocketHubOptions
        {
            MaxRoomsPerClient = 1,
            OnJoining = (_, _, _) => new ValueTask<bool>(answer.Task),
        });
        var peer = await scene.ConnectAsync();

        Task<JoinResult>[] joins =
        [
            peer.Client.JoinAsync("room").AsTask(), peer.Client.JoinAsync("room").AsTask(), peer.Client.JoinAsync("other").AsTask(),
        ];
        answer.SetResult(true);
        var results = await Task.WhenAll(joins).Soon();

        Assert.Single(results, JoinResult.Joined);
        Assert.Single(scene.Hub.RoomNames);
        Assert.Single(peer.Client.Rooms);
    }

    private static async ValueTask<bool> ThrowLateAsync(HubClient client, string room, CancellationToken cancellationToken)
    {
        await Task.Yield();
        throw new TimeoutException("no answer");
    }
}
