using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>What the end of a connection, or of the loop, means for handlers that run beside each other.</summary>
public sealed class ParallelEndTests
{
    private readonly GatedHandler _slow = new();

    [Fact]
    public async Task After_the_peers_Close_those_under_way_are_heard_out()
    {
        await using var scene = await StartAsync(_slow.Handler, messages: 2);
        var connection = scene.Peer.Client.Connection;
        await SendCloseAsync(scene);

        Assert.False(connection.Closed.IsCancellationRequested);
        Assert.False(scene.Run.IsCompleted);
        _slow.Release(2);

        Assert.Equal(CloseCause.PeerClosed, (await scene.Run.Soon()).Cause);
        Assert.Equal((2, 0, 0), (_slow.Begun, _slow.Running, _slow.CalledOff));
        await connection.Handled.Soon();
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task After_the_peers_Close_one_that_waits_for_its_turn_is_handled_too()
    {
        await using var scene = await StartAsync(_slow.Handler, messages: 3);
        await SendCloseAsync(scene);
        _slow.Release(3);

        Assert.Equal(CloseCause.PeerClosed, (await scene.Run.Soon()).Cause);
        Assert.Equal((3, 0), (_slow.Begun, _slow.CalledOff));
    }

    [Fact]
    public async Task After_the_peers_Close_they_have_the_CloseTimeout()
    {
        await using var scene = await StartAsync(_slow.Handler, messages: 2);
        await SendCloseAsync(scene);
        scene.Advance(TimeSpan.FromSeconds(5) - ConnectionTestExtensions.Tick);
        Assert.False(scene.Peer.Client.Connection.Closed.IsCancellationRequested);

        scene.Advance(ConnectionTestExtensions.Tick);

        Assert.Equal(CloseCause.PeerClosed, (await scene.Run.Soon()).Cause);
        Assert.Equal((0, 2), (_slow.Running, _slow.CalledOff));
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task When_none_is_under_way_a_connections_end_is_at_once_the_end_of_its_work()
    {
        await using var scene = await StartAsync(_slow.DeafHandler, messages: 2);
        _slow.Release(2);
        await Wait.Eventually(() => _slow.Running == 0, "both have ended");

        await SendCloseAsync(scene);

        Assert.Equal(CloseCause.PeerClosed, (await scene.Run.Soon()).Cause);
        await scene.Peer.Client.Connection.Handled.Soon();
        await scene.Peer.Pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task An_abort_calls_all_off_and_the_loop_returns_after_them()
    {
        await using var scene = await StartAsync(_slow.Handler, messages: 3);

        scene.Peer.Client.Connection.Abort();

        Assert.Equal(CloseCause.Aborted, (await scene.Run.Soon()).Cause);
        Assert.Equal((2, 0, 2), (_slow.Begun, _slow.Running, _slow.CalledOff));
        Assert.Empty(scene.Logs.Lines);
        await scene.Peer.Pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task The_loop_waits_for_one_that_does_not_heed_its_token()
    {
        await using var scene = await StartAsync(_slow.DeafHandler, messages: 2);
        var connection = scene.Peer.Client.Connection;

        connection.Abort();
        _slow.Release();
        await Wait.Eventually(() => _slow.Running == 1, "one has ended");
        await connection.Handled.Soon();
        Assert.False(scene.Run.IsCompleted);
        _slow.Release();

        Assert.Equal(CloseCause.Aborted, (await scene.Run.Soon()).Cause);
        Assert.Equal(2, _slow.CalledOff);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Its_token_calls_all_off_and_ends_the_loop_after_them(int messages)
    {
        using var cancellation = new CancellationTokenSource();
        await using var scene = await StartAsync(_slow.DeafHandler, messages, cancellation.Token);

        await cancellation.CancelAsync();
        _slow.Release();
        await Wait.Eventually(() => _slow.Running == 1, "one has ended");
        Assert.False(scene.Run.IsCompleted);
        _slow.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Run.Soon());
        Assert.Equal((2, 0, 2), (_slow.Begun, _slow.Running, _slow.CalledOff));
        Assert.False(scene.Peer.Client.Connection.IsClosed);
        Assert.Empty(scene.Logs.Lines);
    }

    private static async Task SendCloseAsync(RouterScene scene)
    {
        await scene.Peer.Peer.SendCloseAsync();
        await scene.Peer.Peer.ExpectCloseAsync(CloseCode.NormalClosure);
        await scene.Peer.Client.Connection.Completion.Soon();
    }

    // Two of them run; a third one waits for its turn.
    private async Task<RouterScene> StartAsync(
        Func<HubClient, TypedMessage, CancellationToken, Task> handler, int messages, CancellationToken cancellationToken = default)
    {
        var router = new MessageRouter()
            .On("slow", handler, new MessageRouteOptions { MaxConcurrency = 2 })
            .On("ping", static async (client, _, token) => await client.SendTextAsync("pong", default, token));
        var scene = await RouterScene.StartAsync(router, cancellationToken: cancellationToken);
        for (var i = 0; i < messages; i++)
        {
            await scene.SendAsync("""{"type":"slow"}""");
        }

        await Wait.Eventually(() => _slow.Begun == 2, "two have begun");
        if (messages == 2)
        {
            // The loop has gone on, and waits for the next message.
            Assert.Equal("pong", await scene.AskAsync("""{"type":"ping"}"""));
        }

        return scene;
    }
}
