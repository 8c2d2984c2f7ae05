using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>The peer ends its stream, in every state of the closing handshake.</summary>
public sealed class PeerEndsStreamTests
{
    [Fact]
    public async Task While_open_it_counts_as_vanished()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.EndAsync();

        var end = await pair.Server.Completion.Soon();
        Assert.Equal(new CloseInfo(CloseCode.AbnormalClosure, string.Empty, CloseCause.PeerVanished), end);
        Assert.Null(await pair.Client.ReadFrameAsync());
        Assert.Equal(SendStatus.Closed, await pair.Server.WriteTextAsync("late"));
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task What_came_before_is_still_read()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("last words");
        await pair.Client.EndAsync();
        await pair.Server.Completion.Soon();

        Assert.Equal("last words", await pair.Server.ReadTextAsync());
        Assert.False(pair.Server.Closed.IsCancellationRequested);
        var closed = await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().AsTask());
        Assert.Equal(CloseCause.PeerVanished, closed.Close.Cause);
    }

    [Fact]
    public async Task An_error_of_the_transport_is_told()
    {
        await using var pair = ConnectionPair.Create();
        var error = new IOException("reset");
        await pair.Client.Transport.Output.CompleteAsync(error);

        var end = await pair.Server.Completion.Soon();
        Assert.Equal((CloseCause.PeerVanished, error), (end.Cause, end.Error));
        var closed = await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().AsTask());
        Assert.Same(error, closed.InnerException);
        await pair.Server.Handled.Soon();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(8)]
    public async Task In_the_middle_of_a_frame_it_counts_as_vanished(int sent)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendBytesAsync(RawFrame.Encode(RawFrame.TextOpcode, new byte[10], mask: new byte[4]).AsMemory(0, sent));
        await pair.Client.EndAsync();

        Assert.Equal(CloseCause.PeerVanished, (await pair.Server.Completion.Soon()).Cause);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().AsTask());
    }

    [Fact]
    public async Task While_our_Close_waits_all_is_still_written()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        await pair.Server.WriteTextAsync("first");
        await pair.Server.WriteTextAsync("second");
        var closing = pair.Server.CloseAsync((CloseCode)4000);
        await pair.Client.EndAsync();

        Assert.Equal("first", (await pair.Client.NextAsync()).Text);
        Assert.Equal("second", (await pair.Client.NextAsync()).Text);
        await pair.Client.ExpectCloseAsync((CloseCode)4000);
        Assert.Null(await pair.Client.ReadFrameAsync());
        await closing.Soon();
        Assert.Equal(new CloseInfo((CloseCode)4000, string.Empty, CloseCause.ClosedHere), await pair.Server.Completion);
    }

    [Fact]
    public async Task After_our_Close_it_ends_the_connection_at_once()
    {
        await using var pair = ConnectionPair.Create();
        var closing = pair.Server.CloseAsync((CloseCode)4000);
        await pair.Client.ExpectCloseAsync((CloseCode)4000);
        await pair.Client.EndAsync();

        await closing.Soon();
        Assert.Null(await pair.Client.ReadFrameAsync());
        Assert.Equal(CloseCause.ClosedHere, (await pair.Server.Completion).Cause);
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task After_its_Close_ours_is_still_written()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        await pair.Server.WriteTextAsync("before");
        _ = pair.Client.SendCloseAsync(4001);
        await Wait.Eventually(() => pair.Server.IsClosed);
        await pair.Client.EndAsync();

        Assert.Equal("before", (await pair.Client.NextAsync()).Text);
        await pair.Client.ExpectCloseAsync((CloseCode)4001);
        Assert.Null(await pair.Client.ReadFrameAsync());
        Assert.Equal(new CloseInfo((CloseCode)4001, string.Empty, CloseCause.PeerClosed), await pair.Server.Completion.Soon());
    }

    [Fact]
    public async Task After_a_failure_our_Close_is_still_written()
    {
        await using var pair = ConnectionPair.Create(capacity: 8);
        await pair.Server.WriteBinaryAsync(new byte[20]);
        await pair.Client.SendFrameAsync(0x3);
        await Wait.Eventually(() => pair.Server.IsClosed);
        await pair.Client.EndAsync();

        Assert.Equal(20, (await pair.Client.NextAsync()).Payload.Length);
        await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);
        Assert.Null(await pair.Client.ReadFrameAsync());
        Assert.Equal(CloseCause.ProtocolViolation, (await pair.Server.Completion.Soon()).Cause);
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task Reading_no_more_counts_as_vanished_at_the_next_write()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.Transport.Input.CompleteAsync();
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync("into the void"));

        var end = await pair.Server.Completion.Soon();
        Assert.Equal((CloseCause.PeerVanished, 1), (end.Cause, end.UnsentMessages));
        await pair.NothingIsScheduledAsync();
    }
}
