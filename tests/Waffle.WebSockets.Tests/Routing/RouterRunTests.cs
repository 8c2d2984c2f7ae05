using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>The loop over a client's messages: how it ends, and what becomes of a handler that does not.</summary>
public sealed class RouterRunTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    public static TheoryData<CloseCause, CloseCode> Ends => new()
    {
        { CloseCause.PeerClosed, (CloseCode)4001 },
        { CloseCause.PeerVanished, CloseCode.AbnormalClosure },
        { CloseCause.ClosedHere, (CloseCode)4002 },
        { CloseCause.Aborted, CloseCode.AbnormalClosure },
        { CloseCause.ProtocolViolation, CloseCode.ProtocolError },
        { CloseCause.MessageTooBig, CloseCode.MessageTooBig },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task It_returns_how_the_connection_ended(CloseCause cause, CloseCode code)
    {
        await using var scene = await RouterScene.StartAsync(new MessageRouter());
        var (client, peer) = (scene.Peer.Client, scene.Peer.Peer);
        switch (cause)
        {
            case CloseCause.PeerClosed:
                await peer.SendCloseAsync((int)code);
                break;
            case CloseCause.PeerVanished:
                await peer.EndAsync();
                break;
            case CloseCause.ClosedHere:
                client.Connection.BeginClose(code, string.Empty);
                await peer.SendCloseAsync((int)code);
                break;
            case CloseCause.Aborted:
                client.Connection.Abort();
                break;
            case CloseCause.MessageTooBig:
                await peer.SendBinaryAsync(new byte[client.Connection.Options.MaxMessageSize + 1]);
                break;
            default:
                await peer.SendFrameAsync(RawFrame.TextOpcode, isMasked: false);
                break;
        }

        var close = await scene.Run.Soon();
        Assert.Equal((cause, code), (close.Cause, close.Code));
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task All_messages_before_the_end_are_handled()
    {
        var handled = 0;
        var gate = new TaskCompletionSource();
        var router = new MessageRouter().On("n", async (_, _, _) =>
        {
            await gate.Task;
            handled++;
        });
        await using var scene = await RouterScene.StartAsync(router);
        for (var i = 0; i < 10; i++)
        {
            await scene.SendAsync("""{"type":"n"}""");
        }

        await scene.Peer.Peer.SendCloseAsync();
        await scene.Peer.Client.Connection.Completion.Soon();
        gate.SetResult();

        await scene.Run.Soon();
        Assert.Equal(10, handled);
    }

    [Fact]
    public async Task Its_token_ends_the_loop_and_the_connection_stays()
    {
        using var cancellation = new CancellationTokenSource();
        await using var scene = await RouterScene.StartAsync(new MessageRouter(), cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Run.Soon());
        Assert.False(scene.Peer.Client.Connection.IsClosed);
        await scene.SendAsync("for another reader");
        Assert.Equal("for another reader", await scene.Peer.Client.Connection.ReadTextAsync().Soon());
    }

    // It would give the bytes of the message that is handled to somebody else.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nobody_else_reads_while_it_does_not_even_a_handler(bool isParallel)
    {
        var errors = new List<Exception>();
        var router = new MessageRouter().On(
            "read",
            async (client, _, token) =>
            {
                var connection = client.Connection;
                errors.Add(await Assert.ThrowsAsync<InvalidOperationException>(() => connection.ReadAsync(token).AsTask()));
                errors.Add(await Assert.ThrowsAsync<InvalidOperationException>(() => connection.ReadBinaryAsync(token).AsTask()));
                errors.Add(await Assert.ThrowsAsync<InvalidOperationException>(() => connection.ReadMessageAsync(token).AsTask()));
                errors.Add(await Assert.ThrowsAsync<InvalidOperationException>(
                    () => connection.ReadAllAsync(token).GetAsyncEnumerator(token).MoveNextAsync().AsTask()));
                errors.Add(await Assert.ThrowsAsync<InvalidOperationException>(() => new MessageRouter().RunAsync(client, token)));
                throw new MessageRejectedException("done", "Tell me the id.");
            },
            new MessageRouteOptions { MaxConcurrency = isParallel ? 2 : 1 });
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal(
            """{"type":"error","payload":{"code":"done","message":"Tell me the id."},"id":"7"}""", await scene.AskAsync("""{"type":"read","id":"7"}"""));
        Assert.Equal(5, errors.Count);
        Assert.All(errors, error => Assert.StartsWith("A router reads this connection", error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_of_the_connection_calls_a_handler_off(bool hasToken)
    {
        using var cancellation = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var router = new MessageRouter().On("wait", (_, _, token) =>
        {
            started.SetResult();
            return Wait.ForCancellationAsync(token);
        });
        await using var scene = await RouterScene.StartAsync(
            router, cancellationToken: hasToken ? cancellation.Token : CancellationToken.None);
        await scene.SendAsync("""{"type":"wait"}""");
        await started.Task.Soon();

        scene.Peer.Client.Connection.Abort();

        Assert.Equal(CloseCause.Aborted, (await scene.Run.Soon()).Cause);
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task Its_token_calls_a_handler_off()
    {
        using var cancellation = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        var router = new MessageRouter().On("wait", (_, _, token) =>
        {
            started.SetResult();
            return Wait.ForCancellationAsync(token);
        });
        await using var scene = await RouterScene.StartAsync(router, cancellationToken: cancellation.Token);
        await scene.SendAsync("""{"type":"wait"}""");
        await started.Task.Soon();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Run.Soon());
        Assert.False(scene.Peer.Client.Connection.IsClosed);
    }

    [Fact]
    public async Task After_the_peers_Close_a_handler_has_the_CloseTimeout_left()
    {
        var started = new TaskCompletionSource();
        var router = new MessageRouter().On("wait", (_, _, token) =>
        {
            started.SetResult();
            return Wait.ForCancellationAsync(token);
        });
        await using var scene = await RouterScene.StartAsync(router);
        await scene.SendAsync("""{"type":"wait"}""");
        await started.Task.Soon();
        await scene.Peer.Peer.SendCloseAsync();
        await scene.Peer.Client.Connection.Completion.Soon();
        Assert.False(scene.Run.IsCompleted);

        scene.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(CloseCause.PeerClosed, (await scene.Run.Soon()).Cause);
    }

    [Fact]
    public async Task A_handler_that_runs_for_30_seconds_is_logged_once()
    {
        var gates = new Queue<TaskCompletionSource>([new(), new(), new()]);
        var begun = 0;
        var router = new MessageRouter().On("wait", (_, _, _) =>
        {
            Interlocked.Increment(ref begun);
            return gates.Peek().Task;
        });
        await using var scene = await RouterScene.StartAsync(router);
        for (var round = 1; round <= 2; round++)
        {
            await scene.SendAsync("""{"type":"wait"}""");
            await Wait.Eventually(() => begun == round, "the handler has begun");
            scene.Advance(_limit - ConnectionTestExtensions.Tick);
            Assert.Equal(round - 1, scene.Logs.Lines.Count);
            scene.Advance(ConnectionTestExtensions.Tick);
            var line = scene.Logs.Lines.Last();
            Assert.Equal((round, LogLevel.Warning), (scene.Logs.Lines.Count, line.Level));
            Assert.Contains("30 s", line.Text, StringComparison.Ordinal);
            scene.Advance(_limit * 3);
            Assert.Equal(round, scene.Logs.Lines.Count);
            gates.Dequeue().SetResult();
        }
    }
}
