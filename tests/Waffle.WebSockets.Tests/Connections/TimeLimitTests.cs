using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Each time limit of a connection ends it when it has passed, and not before.</summary>
public sealed class TimeLimitTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    // 9 of 14 bytes; the length is 64 KiB and something.
    private static readonly byte[] _partOfAHeader = [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0];

    [Fact]
    public async Task ReadTimeout_runs_from_the_beginning_and_anew_from_each_message()
    {
        await using var pair = ConnectionPair.Create(o => (o.ReadTimeout, o.PingInterval) = (_minute, TimeSpan.Zero));
        pair.AdvanceToJustBefore(_minute);
        await pair.Client.SendTextAsync("in time");
        await pair.Client.SyncAsync();
        pair.AdvanceToJustBefore(_minute);
        Assert.False(pair.Server.IsClosed);
        pair.Advance(ConnectionTestExtensions.Tick);

        await pair.Client.ExpectCloseAsync(CloseCode.PolicyViolation);
        var end = await pair.Server.Completion.Soon();
        Assert.Equal((CloseCode.PolicyViolation, CloseCause.ReadTimeout, false), (end.Code, end.Cause, end.IsNormal));
        Assert.Equal("in time", await pair.Server.ReadTextAsync());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().AsTask());
        await pair.Client.EndAsync();
        await pair.NothingIsScheduledAsync();

        await using var silent = ConnectionPair.Create(o => (o.ReadTimeout, o.PingInterval) = (_minute, TimeSpan.Zero));
        silent.AdvanceToJustBefore(_minute);
        Assert.False(silent.Server.IsClosed);
        silent.Advance(ConnectionTestExtensions.Tick);
        await silent.Client.ExpectCloseAsync(CloseCode.PolicyViolation);
    }

    [Fact]
    public async Task However_many_messages_come_the_ReadTimeout_is_one_timer()
    {
        await using var pair = ConnectionPair.Create(o => (o.ReadTimeout, o.PingInterval) = (_minute, TimeSpan.Zero));
        for (var i = 0; i < 100; i++)
        {
            await pair.Client.SendTextAsync($"{i}");
            Assert.Equal($"{i}", await pair.Server.ReadTextAsync().Soon());
            pair.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, TimerWheel.For(pair.Time).Count);
        Assert.False(pair.Server.IsClosed);
    }

    [Fact]
    public async Task Neither_pings_nor_pongs_nor_single_bytes_extend_the_ReadTimeout()
    {
        await using var pair = ConnectionPair.Create(o =>
        {
            o.ReadTimeout = _minute;
            o.MessageTimeout = o.PingInterval = TimeSpan.Zero;
        });
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, isFinal: false);
        for (var passed = TimeSpan.Zero; passed < _minute; passed += TimeSpan.FromSeconds(1))
        {
            Assert.False(pair.Server.IsClosed);
            await pair.Client.SendFrameAsync(RawFrame.Continuation, new byte[1], isFinal: false);
            await pair.Client.SendPongAsync();
            await pair.Client.SyncAsync();
            pair.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(CloseCause.ReadTimeout, (await pair.Server.Completion.Soon()).Cause);
        await pair.Client.ExpectCloseAsync(CloseCode.PolicyViolation);
    }

    [Fact]
    public async Task C68_nine_bytes_of_a_header_and_then_nothing_end_in_the_MessageTimeout()
    {
        await using var pair = ConnectionPair.Create(o => (o.MaxMessageSize, o.PingInterval) = (128 * 1024, TimeSpan.Zero));
        await pair.Client.SyncAsync();
        await pair.Client.SendBytesAsync(_partOfAHeader);
        await pair.Time.AdvanceUntilAsync(_minute, () => pair.Server.IsClosed, "the bytes were seen and timed");

        var close = await pair.Client.ExpectCloseAsync(CloseCode.PolicyViolation);
        Assert.NotEmpty(close.CloseReason);
        await Assert.ThrowsAsync<WebSocketProtocolException>(() => pair.Server.ReadAsync().AsTask());
    }

    [Fact]
    public async Task C68_nine_bytes_of_a_header_and_then_nothing_end_in_the_PongTimeout()
    {
        await using var pair = ConnectionPair.Create(o => o.MaxMessageSize = 128 * 1024);
        await pair.Client.SendBytesAsync(_partOfAHeader);
        await pair.Time.AdvanceUntilAsync(TimeSpan.FromSeconds(41), () => pair.Server.IsClosed, "the bytes were seen and timed");

        await pair.Client.ExpectCloseAsync(CloseCode.InternalError);
    }

    [Fact]
    public async Task C68_nine_bytes_of_a_header_and_then_nothing_end_in_the_ReadTimeout()
    {
        await using var pair = ConnectionPair.Create(o => (o.MaxMessageSize, o.ReadTimeout) = (128 * 1024, TimeSpan.FromSeconds(20)));
        await pair.Client.SendBytesAsync(_partOfAHeader);
        pair.AdvanceToJustBefore(TimeSpan.FromSeconds(20));
        Assert.False(pair.Server.IsClosed);
        pair.Advance(ConnectionTestExtensions.Tick);

        Assert.NotEmpty((await pair.Client.ExpectCloseAsync(CloseCode.PolicyViolation)).CloseReason);
        Assert.Equal(CloseCause.ReadTimeout, (await pair.Server.Completion.Soon()).Cause);
    }

    [Theory]
    [InlineData(CloseCause.ReadTimeout)]
    [InlineData(CloseCause.ProtocolViolation)]
    public async Task C68_a_byte_every_100_ms_without_end_ends_in_the_time_for_a_message_all_the_same(CloseCause cause)
    {
        await using var pair = ConnectionPair.Create(
            o =>
            {
                (o.ReadTimeout, o.MessageTimeout) = cause == CloseCause.ReadTimeout ? (_minute, TimeSpan.Zero) : (TimeSpan.Zero, _minute);
                o.WriteTimeout = TimeSpan.Zero;
            },
            capacity: 1);
        var received = pair.Client.ReadToEndAsync();

        // A send ends when the server has read the byte; so it takes all of them before their time is over.
        var frame = RawFrame.Encode(RawFrame.BinaryOpcode, new byte[10_000], mask: new byte[4]);
        await pair.Client.SendBytesAsync(frame.AsMemory(0, 9)).Soon();
        for (var i = 0; i < 10 * 60; i++)
        {
            Assert.False(pair.Server.IsClosed);
            await pair.Client.SendBytesAsync(frame.AsMemory(9 + i, 1)).Soon();
            pair.Advance(TimeSpan.FromMilliseconds(100));
        }

        await pair.Time.AdvanceUntilAsync(ConnectionTestExtensions.Tick, () => pair.Server.IsClosed, "the minute is over");
        await pair.Client.EndAsync();
        var close = (await received.Soon())[^1];
        Assert.Equal((RawFrame.CloseOpcode, CloseCode.PolicyViolation), (close.Opcode, close.CloseCode));
        Assert.NotEmpty(close.CloseReason);
        Assert.Equal(cause, (await pair.Server.Completion.Soon()).Cause);
    }

    [Fact]
    public async Task MessageTimeout_is_for_the_whole_message_and_fragments_do_not_extend_it()
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero);
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, isFinal: false);
        await pair.Client.SyncAsync();
        for (var i = 0; i < 6; i++)
        {
            Assert.False(pair.Server.IsClosed);
            pair.Advance(TimeSpan.FromSeconds(10) - (i == 5 ? ConnectionTestExtensions.Tick : TimeSpan.Zero));
            await pair.Client.SendFrameAsync(RawFrame.Continuation, new byte[1], isFinal: false);
            await pair.Client.SyncAsync();
        }

        pair.Advance(ConnectionTestExtensions.Tick);
        await pair.Client.ExpectCloseAsync(CloseCode.PolicyViolation);
    }

    [Fact]
    public async Task MessageTimeout_starts_anew_with_each_message()
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero);
        for (var i = 0; i < 5; i++)
        {
            await pair.Client.SendFrameAsync(RawFrame.TextOpcode, isFinal: false);
            await pair.Client.SyncAsync();
            pair.AdvanceToJustBefore(_minute);
            await pair.Client.SendFrameAsync(RawFrame.Continuation);
            await pair.Client.SyncAsync();
        }

        pair.Advance(10 * _minute);
        Assert.False(pair.Server.IsClosed);
    }

    [Theory]
    [InlineData(RawFrame.PingOpcode)]
    [InlineData(RawFrame.PongOpcode)]
    public async Task A_control_frame_in_two_pieces_begins_no_message(byte opcode)
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero);
        var frame = RawFrame.Encode(opcode, new byte[10], mask: new byte[4]);

        await pair.Client.SendBytesAsync(frame.AsMemory(0, 3));
        await Wait.Eventually(() => TimerWheel.For(pair.Time).Count == 1, "what has begun is timed");
        await pair.Client.SendBytesAsync(frame.AsMemory(3));
        await pair.Client.SyncAsync();

        pair.Advance(10 * _minute);
        Assert.False(pair.Server.IsClosed);
    }

    [Fact]
    public async Task UnreadLimit_ends_a_connection_that_the_application_does_not_read()
    {
        await using var pair = ConnectionPair.Create(o => Configure(o, readAhead: 2), capacity: 1);
        await pair.FillReadAheadAsync(messages: 2);
        pair.AdvanceToJustBefore(2 * _minute);
        Assert.False(pair.Server.IsClosed);
        pair.Advance(ConnectionTestExtensions.Tick);
        Assert.True(pair.Server.IsClosed);

        await pair.Client.ExpectCloseAsync(CloseCode.PolicyViolation);
        Assert.Equal(CloseCause.Unread, (await pair.Server.Completion.Soon()).Cause);
        Assert.Equal("0", await pair.Server.ReadTextAsync());
        Assert.Equal("1", await pair.Server.ReadTextAsync());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().AsTask());
    }

    [Fact]
    public async Task UnreadLimit_runs_only_while_the_read_ahead_is_full()
    {
        await using var pair = ConnectionPair.Create(o => Configure(o, readAhead: 1), capacity: 1);
        await pair.FillReadAheadAsync(messages: 1);
        pair.AdvanceToJustBefore(2 * _minute);
        Assert.Equal("0", await pair.Server.ReadTextAsync());
        await pair.Client.SyncAsync();
        pair.Advance(10 * _minute);

        Assert.False(pair.Server.IsClosed);
        Assert.Equal(string.Empty, await pair.Server.ReadTextAsync());
    }

    [Fact]
    public async Task WriteTimeout_ends_a_connection_whose_write_stands_still()
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero, capacity: 1);
        await pair.Server.WriteTextAsync("stands still");
        pair.AdvanceToJustBefore(TimeSpan.FromSeconds(10));
        Assert.False(pair.Server.IsClosed);
        pair.Advance(ConnectionTestExtensions.Tick);

        var end = await pair.Server.Completion.Soon();
        Assert.Equal((CloseCode.AbnormalClosure, CloseCause.WriteTimeout), (end.Code, end.Cause));
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task ReadTimeout_does_not_shorten_a_closing_handshake()
    {
        await using var pair = ConnectionPair.Create(o => o.ReadTimeout = TimeSpan.FromSeconds(1));
        var closing = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        await pair.Client.SendTextAsync("still talking");
        await Task.Yield();
        pair.AdvanceToJustBefore(TimeSpan.FromSeconds(5));
        Assert.False(closing.IsCompleted);

        await pair.Client.SendCloseAsync();
        await closing.Soon();
        Assert.Null(await pair.Client.ReadFrameAsync());
    }

    // Nothing but the limits on reading; a minute for each message.
    private static void Configure(WebSocketConnectionOptions options, int readAhead)
    {
        options.ReadAheadMessages = readAhead;
        options.PingInterval = options.WriteTimeout = TimeSpan.Zero;
    }
}
