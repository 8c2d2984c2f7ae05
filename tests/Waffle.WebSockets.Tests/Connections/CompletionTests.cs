using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>When <see cref="WebSocketConnection.Completion"/> completes and when <see cref="WebSocketConnection.Closed"/> fires.</summary>
public sealed class CompletionTests
{
    [Fact]
    public async Task Aborting_fires_Closed_at_once_though_messages_are_unread()
    {
        await using var pair = await CreateWithUnreadAsync();
        pair.Server.Abort();

        await pair.Server.Completion.Soon();
        await FiredAsync(pair);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().AsTask());
    }

    [Fact]
    public async Task Closing_here_fires_Closed_when_the_handshake_is_done()
    {
        await using var pair = await CreateWithUnreadAsync();
        var closing = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.False(pair.Server.Closed.IsCancellationRequested);
        await pair.Client.SendCloseAsync();
        await closing.Soon();

        await FiredAsync(pair);
    }

    [Fact]
    public async Task A_reset_fires_Closed_at_once()
    {
        await using var pair = await CreateWithUnreadAsync();
        await pair.Client.Transport.Output.CompleteAsync(new IOException("reset"));

        await FiredAsync(pair);
        Assert.Equal("unread", await pair.Server.ReadTextAsync());
    }

    [Fact]
    public async Task A_peers_Close_fires_Closed_when_the_messages_before_it_are_handled()
    {
        await using var pair = await CreateWithUnreadAsync();
        await pair.Client.SendCloseAsync();
        await pair.Server.Completion.Soon();
        Assert.False(pair.Server.Closed.IsCancellationRequested);
        Assert.Equal("unread", await pair.Server.ReadTextAsync());
        Assert.False(pair.Server.Closed.IsCancellationRequested);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().AsTask());

        await FiredAsync(pair);
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task Aborting_after_the_peers_Close_fires_Closed_at_once()
    {
        await using var pair = await CreateWithUnreadAsync();
        await pair.Client.SendCloseAsync();
        await pair.Server.Completion.Soon();
        Assert.False(pair.Server.Closed.IsCancellationRequested);
        pair.Server.Abort();

        await FiredAsync(pair);
    }

    [Fact]
    public async Task A_peers_Close_fires_Closed_after_the_CloseTimeout_if_they_are_not_handled()
    {
        await using var pair = await CreateWithUnreadAsync();
        await pair.Client.SendCloseAsync();
        await pair.Server.Completion.Soon();
        pair.AdvanceToJustBefore(TimeSpan.FromSeconds(5));
        Assert.False(pair.Server.Handled.IsCompleted);
        pair.Advance(ConnectionTestExtensions.Tick);

        await FiredAsync(pair);
        Assert.Equal("unread", await pair.Server.ReadTextAsync());
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task A_peers_Close_with_nothing_unread_fires_Closed_at_once()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendCloseAsync();
        await FiredAsync(pair);
    }

    [Fact]
    public async Task A_breach_fires_Closed_at_once()
    {
        await using var pair = await CreateWithUnreadAsync();
        await pair.Client.SendFrameAsync(0x3);
        await FiredAsync(pair);
    }

    [Fact]
    public async Task Callbacks_of_Closed_may_call_anything()
    {
        await using var pair = ConnectionPair.Create();
        var called = new TaskCompletionSource<SendStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = pair.Server.Closed.Register(() =>
        {
            pair.Server.Abort();
            _ = pair.Server.CloseAsync();
            called.SetResult(pair.Server.WriteTextAsync("late").AsTask().GetAwaiter().GetResult());
        });
        pair.Server.Abort();

        Assert.Equal(SendStatus.Closed, await called.Task.Soon());
    }

    [Theory]
    [InlineData(CloseCode.NormalClosure, CloseCause.PeerClosed, true)]
    [InlineData(CloseCode.GoingAway, CloseCause.PeerClosed, true)]
    [InlineData(CloseCode.NoStatusReceived, CloseCause.PeerClosed, true)]
    [InlineData(CloseCode.InternalError, CloseCause.PeerClosed, false)]
    [InlineData(CloseCode.NormalClosure, CloseCause.ClosedHere, true)]
    [InlineData(CloseCode.GoingAway, CloseCause.Shutdown, true)]
    [InlineData(CloseCode.PolicyViolation, CloseCause.ClosedHere, false)]
    [InlineData(CloseCode.AbnormalClosure, CloseCause.PeerVanished, false)]
    [InlineData(CloseCode.AbnormalClosure, CloseCause.Aborted, false)]
    public void IsNormal_tells_whether_anything_went_wrong(CloseCode code, CloseCause cause, bool isNormal) =>
        Assert.Equal(isNormal, new CloseInfo(code, string.Empty, cause).IsNormal);

    private static async Task<ConnectionPair> CreateWithUnreadAsync()
    {
        var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("unread");
        await pair.Client.SyncAsync();
        return pair;
    }

    private static async Task FiredAsync(ConnectionPair pair)
    {
        await pair.Server.Handled.Soon();
        await Wait.Eventually(() => pair.Server.Closed.IsCancellationRequested, "Closed has fired");
    }
}
