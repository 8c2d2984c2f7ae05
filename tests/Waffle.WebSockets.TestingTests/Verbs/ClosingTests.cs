using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Verbs;

public sealed class ClosingTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<CloseInfo> _departed = [];
    private readonly WebSocketHub _hub;

    public ClosingTests() => _hub = new WebSocketHub(
        new WebSocketHubOptions
        {
            OnDisconnected = (client, disconnect) =>
            {
                _departed.Add(disconnect.Close);
                return Task.CompletedTask;
            },
        },
        time: _time);

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private CloseInfo Departed => Assert.Single(_departed);

    [Fact]
    public async Task Who_has_closed_has_left_the_hub_and_its_callback_has_ended()
    {
        var client = await _hub.ConnectTestClientAsync();

        var close = await client.CloseAsync((CloseCode)4001, "Enough.");

        Assert.Equal(0, _hub.Count);
        Assert.Equal(((CloseCode)4001, "Enough.", CloseCause.PeerClosed), (Departed.Code, Departed.Reason, Departed.Cause));
        Assert.Equal(((CloseCode)4001, CloseCause.ClosedHere), (close.Code, close.Cause));
    }

    [Fact]
    public async Task A_close_may_have_no_code()
    {
        var client = await _hub.ConnectTestClientAsync();

        var close = await client.CloseAsync(CloseCode.NoStatusReceived);

        Assert.Equal(CloseCode.NoStatusReceived, close.Code);
        Assert.Equal(CloseCode.NoStatusReceived, Departed.Code);
    }

    [Fact]
    public async Task A_code_that_must_not_be_sent_is_sent_for_once()
    {
        var client = await _hub.ConnectTestClientAsync();

        var close = await client.CloseAsync((CloseCode)1006);

        Assert.Equal(CloseCode.ProtocolError, close.Code);
        Assert.Equal(CloseCause.ProtocolViolation, Departed.Cause);
    }

    [Fact]
    public async Task A_reason_of_more_than_123_bytes_is_an_argument_error()
    {
        await using var client = await _hub.ConnectTestClientAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => client.CloseAsync(reason: new string('x', 124)));

        await client.PingAsync();
    }

    [Fact]
    public async Task The_servers_close_is_answered_and_told()
    {
        var client = await _hub.ConnectTestClientAsync();

        await _hub.Clients.Single().CloseAsync((CloseCode)4002, "Out.");
        var close = await client.Completion.Soon();

        Assert.Equal(((CloseCode)4002, "Out.", CloseCause.PeerClosed), (close.Code, close.Reason, close.Cause));
        await client.WaitUntilLeftAsync();
        Assert.Equal(CloseCause.ClosedHere, Departed.Cause);
    }

    [Fact]
    public async Task Who_does_not_answer_a_close_is_cut_after_the_close_timeout()
    {
        await using var client = await _hub.ConnectTestClientAsync();
        client.AnswersClose = false;

        var closing = _hub.Clients.Single().CloseAsync();
        await client.Completion.Soon();
        Assert.False(closing.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(6));

        await closing.Soon();
        await client.WaitUntilLeftAsync();
    }

    [Fact]
    public async Task An_abort_is_told_to_the_server_at_once()
    {
        var client = await _hub.ConnectTestClientAsync();

        client.Abort();
        await client.WaitUntilLeftAsync();

        Assert.Equal(CloseCause.PeerVanished, Departed.Cause);
        Assert.NotNull(Departed.Error);
        Assert.Equal(CloseCause.Aborted, (await client.Completion.Soon()).Cause);
        Assert.Equal(0, _hub.Count);
    }

    [Fact]
    public async Task A_stream_that_ends_without_a_close_is_told_to_the_server()
    {
        var client = await _hub.ConnectTestClientAsync();

        await client.EndStreamAsync();
        await client.WaitUntilLeftAsync();

        Assert.Equal(CloseCause.PeerVanished, Departed.Cause);
        Assert.Equal(CloseCause.PeerVanished, (await client.Completion.Soon()).Cause);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => client.SendTextAsync("too late"));
    }

    [Fact]
    public async Task A_server_that_aborts_is_seen()
    {
        var client = await _hub.ConnectTestClientAsync();

        _hub.Clients.Single().Connection.Abort();

        var close = await client.Completion.Soon();
        Assert.Equal((CloseCode.AbnormalClosure, CloseCause.PeerVanished), (close.Code, close.Cause));
        await client.WaitUntilLeftAsync();
        Assert.Equal(CloseCause.Aborted, Departed.Cause);
    }

    [Fact]
    public async Task A_handler_that_throws_closes_with_1011()
    {
        var client = await _hub.ConnectTestClientAsync((_, _) => throw new InvalidOperationException());

        Assert.Equal(CloseCode.InternalError, (await client.Completion.Soon()).Code);
        await client.WaitUntilLeftAsync();
    }

    [Fact]
    public async Task A_connect_callback_that_throws_is_seen_as_a_close()
    {
        await using var hub = new WebSocketHub(new WebSocketHubOptions { OnConnected = (_, _) => throw new InvalidOperationException() });

        await using var client = await hub.ConnectTestClientAsync();

        Assert.Equal(CloseCode.InternalError, (await client.Completion.Soon()).Code);
    }

    [Fact]
    public async Task Bytes_that_are_no_frames_end_the_connection_with_1002()
    {
        await using var client = await _hub.ConnectTestClientAsync();

        await client.SendBytesAsync(new byte[] { 0xFF, 0xFF });

        Assert.Equal(CloseCode.ProtocolError, (await client.Completion.Soon()).Code);
        await client.WaitUntilLeftAsync();
        Assert.Equal(CloseCause.ProtocolViolation, Departed.Cause);
    }

    [Fact]
    public async Task Disposing_closes_in_good_order_or_resets_and_leaves_nothing_behind()
    {
        var polite = await _hub.ConnectTestClientAsync();
        await polite.DisposeAsync();
        await polite.DisposeAsync();
        Assert.Equal((CloseCode.NormalClosure, CloseCause.PeerClosed), (Departed.Code, Departed.Cause));

        var stalled = await _hub.ConnectTestClientAsync();
        stalled.Network.Stall();
        await stalled.DisposeAsync();

        Assert.Equal(CloseCause.PeerVanished, _departed[1].Cause);
        Assert.Equal(0, _hub.Count);
    }
}
