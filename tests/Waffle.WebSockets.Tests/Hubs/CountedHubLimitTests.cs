using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Each limit of a hub that is met is counted, under its own name.</summary>
public sealed class CountedHubLimitTests : IDisposable
{
    private readonly CountedLimits _limits = new();

    public void Dispose() => _limits.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_room_too_many(bool hasPolicy)
    {
        var options = new WebSocketHubOptions
        {
            MaxRoomsPerClient = 1,
            OnJoining = hasPolicy ? static (_, _, _) => new ValueTask<bool>(true) : null,
        };
        await using var scene = new HubScene(options, services: _limits.Services);
        var peer = await scene.ConnectAsync();
        Assert.Equal(JoinResult.Joined, await peer.Client.JoinAsync("tea"));
        Assert.Equal(JoinResult.AlreadyMember, await peer.Client.JoinAsync("tea"));
        Assert.Empty(_limits.Counts);

        Assert.Equal(JoinResult.LimitReached, await peer.Client.JoinAsync("coffee"));
        Assert.Equal(JoinResult.LimitReached, await scene.Hub.Room("milk").JoinAsync(peer.Client));
        await _limits.ExpectOnlyAsync("max_rooms_per_client", 2);
    }

    [Fact]
    public async Task A_name_of_a_room_that_is_too_long_but_not_one_that_is_no_name()
    {
        await using var scene = new HubScene(new WebSocketHubOptions { MaxRoomNameLength = 3 }, services: _limits.Services);
        var peer = await scene.ConnectAsync();
        Assert.Equal(JoinResult.Refused, await peer.Client.JoinAsync("\n"));
        Assert.Equal(JoinResult.Refused, await peer.Client.JoinAsync(string.Empty));
        Assert.Empty(_limits.Counts);

        Assert.Equal(JoinResult.Refused, await peer.Client.JoinAsync("éé"));
        await _limits.ExpectOnlyAsync("max_room_name_length");
    }

    [Fact]
    public async Task An_id_of_a_client_that_is_too_long()
    {
        await using var scene = new HubScene(new WebSocketHubOptions { MaxClientIdLength = 3 }, services: _limits.Services);
        await Assert.ThrowsAsync<ArgumentException>(() => scene.ConnectAsync("\n"));
        Assert.Empty(_limits.Counts);

        await Assert.ThrowsAsync<ArgumentException>(() => scene.ConnectAsync("anna"));
        await _limits.ExpectOnlyAsync("max_client_id_length");
    }

    [Theory]
    [InlineData(QueueFullPolicy.Disconnect)]
    [InlineData(QueueFullPolicy.DropNewest)]
    [InlineData(QueueFullPolicy.DropOldest)]
    public async Task A_broadcast_that_meets_full_queues_counts_each_of_them(QueueFullPolicy policy)
    {
        await using var scene = new HubScene();
        StuckPeer[] peers =
        [
            await StuckPeer.ConnectFullAsync(scene, policy, _limits),
            await StuckPeer.ConnectFullAsync(scene, policy, _limits),
        ];
        await scene.Hub.BroadcastTextAsync("one too many");

        await _limits.ExpectOnlyAsync("send_queue_max_messages", 2);
        foreach (var peer in peers)
        {
            await peer.DisposeAsync();
        }
    }
}
