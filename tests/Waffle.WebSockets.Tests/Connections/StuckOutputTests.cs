using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>An output that never completes a flush blocks nobody.</summary>
public sealed class StuckOutputTests : IAsyncDisposable
{
    private readonly Pipe _toServer = new();
    private readonly StuckOutput _output = new();
    private readonly FakeTimeProvider _time = new();
    private readonly WebSocketConnection _connection;

    public StuckOutputTests()
    {
        var options = new WebSocketConnectionOptions { SendQueueMaxBytes = 1000, WriteTimeout = TimeSpan.FromSeconds(10) };
        _connection = WebSocketConnection.Create(new DuplexPipe(_toServer.Reader, _output), options, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Abort();
        await _connection.DisposeAsync().AsTask().Soon();
        Assert.Equal(0, TimerWheel.For(_time).Count);
    }

    [Fact]
    public async Task Senders_go_on_at_once()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(SendStatus.Queued, await _connection.WriteBinaryAsync(new byte[100]).Soon());
        }
    }

    [Fact]
    public async Task Abort_completes_at_once()
    {
        await _connection.WriteBinaryAsync(new byte[100]);
        var read = _connection.ReadAsync().AsTask();
        var ping = _connection.PingAsync();
        _connection.Abort();

        var end = await _connection.Completion.Soon();
        Assert.Equal((CloseCause.Aborted, 1), (end.Cause, end.UnsentMessages));
        await Assert.ThrowsAsync<ConnectionClosedException>(() => read.Soon());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => ping.Soon());
        await _connection.Handled.Soon();
    }

    [Fact]
    public async Task CloseAsync_returns_after_the_CloseTimeout()
    {
        await _connection.WriteBinaryAsync(new byte[100]);
        var closing = _connection.CloseAsync();
        _time.Advance(TimeSpan.FromSeconds(5));

        await closing.Soon();
        Assert.Equal((CloseCause.ClosedHere, 1), ((await _connection.Completion).Cause, (await _connection.Completion).UnsentMessages));
    }

    [Fact]
    public async Task The_WriteTimeout_ends_the_connection()
    {
        await _connection.WriteBinaryAsync(new byte[100]);
        _time.Advance(TimeSpan.FromSeconds(10) - TimerWheel.Resolution);
        Assert.False(_connection.IsClosed);
        _time.Advance(TimerWheel.Resolution);

        var end = await _connection.Completion.Soon();
        Assert.Equal((CloseCode.AbnormalClosure, CloseCause.WriteTimeout, 1), (end.Code, end.Cause, end.UnsentMessages));
    }

    [Fact]
    public async Task The_output_is_not_completed_under_a_pending_flush()
    {
        await _connection.WriteBinaryAsync(new byte[100]);
        _connection.Abort();
        await _connection.DisposeAsync().AsTask().Soon();

        Assert.False(_output.IsCompleted);
    }

    [Fact]
    public async Task A_peers_Close_ends_the_connection_after_the_CloseTimeout()
    {
        await _connection.WriteBinaryAsync(new byte[100]);
        await _toServer.Writer.WriteAsync(RawFrame.Encode(RawFrame.CloseOpcode, RawFrame.ClosePayload(1000), mask: new byte[4]));
        await Wait.Eventually(() => _connection.IsClosed, "the Close has come");
        await _time.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => _connection.Completion.IsCompleted, "the CloseTimeout is over");

        Assert.Equal(CloseCause.PeerClosed, (await _connection.Completion).Cause);
    }
}
