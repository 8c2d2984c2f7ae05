using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

public sealed class HeartbeatTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_peer_that_answers_lives_for_ever()
    {
        await using var pair = ConnectionPair.Create();
        for (var i = 0; i < 100; i++)
        {
            pair.Advance(TimeSpan.FromSeconds(30));
            await AnswerAsync(pair);
        }

        Assert.False(pair.Server.IsClosed);
        Assert.NotNull(pair.Server.LastRoundTripTime);
    }

    [Fact]
    public async Task A_peer_that_answers_nothing_is_gone_after_interval_and_timeout()
    {
        await using var pair = ConnectionPair.Create();
        pair.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(RawFrame.PingOpcode, (await pair.Client.NextAsync()).Opcode);
        pair.AdvanceToJustBefore(TimeSpan.FromSeconds(10));
        Assert.False(pair.Server.IsClosed);
        pair.Advance(ConnectionTestExtensions.Tick);

        await pair.Client.ExpectCloseAsync(CloseCode.InternalError);
        Assert.Equal(CloseCause.PongTimeout, (await pair.Server.Completion.Soon()).Cause);
    }

    [Fact]
    public async Task A_vanished_peer_that_takes_nothing_is_cut_one_second_later()
    {
        await using var pair = ConnectionPair.Create(o => o.WriteTimeout = TimeSpan.Zero, capacity: 1);
        pair.Advance(TimeSpan.FromSeconds(40));
        Assert.True(pair.Server.IsClosed);
        pair.AdvanceToJustBefore(_second);
        Assert.False(pair.Server.Completion.IsCompleted);
        pair.Advance(ConnectionTestExtensions.Tick);

        Assert.Equal(CloseCause.PongTimeout, (await pair.Server.Completion.Soon()).Cause);
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task A_peer_that_takes_a_long_message_steadily_lives()
    {
        // 64 KiB every 6 seconds, for longer than an unanswered ping may take; ours stands behind the message.
        const int Batch = 64 * 1024;
        await using var pair = ConnectionPair.Create(capacity: 1);
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteBinaryAsync(new byte[15 * Batch]));
        var reader = pair.Client.Transport.Input;
        for (var taken = 0; taken < 14 * Batch;)
        {
            var result = await reader.ReadAtLeastAsync(Batch / 2).AsTask().Soon();
            pair.Advance(TimeSpan.FromSeconds(6));
            Assert.False(pair.Server.IsClosed);
            taken += (int)result.Buffer.Length;
            reader.AdvanceTo(result.Buffer.End);
        }
    }

    [Fact]
    public async Task Any_received_byte_counts_as_life()
    {
        await using var pair = ConnectionPair.Create(o => o.MessageTimeout = TimeSpan.Zero);
        pair.Advance(TimeSpan.FromSeconds(30));
        await pair.Client.NextAsync();
        await pair.Client.SendFrameAsync(RawFrame.BinaryOpcode, new byte[1], isFinal: false);
        await pair.Client.SyncAsync();
        for (var i = 0; i < 20; i++)
        {
            pair.Advance(TimeSpan.FromSeconds(9));
            Assert.False(pair.Server.IsClosed);
            await pair.Client.SyncAsync();
        }

        pair.Advance(TimeSpan.FromSeconds(10));
        Assert.True(pair.Server.IsClosed);
    }

    [Fact]
    public async Task PongTimeout_of_zero_is_the_PingInterval()
    {
        await using var pair = ConnectionPair.Create(o =>
        {
            o.PingInterval = 4 * _second;
            o.PongTimeout = TimeSpan.Zero;
        });
        pair.AdvanceToJustBefore(8 * _second);
        Assert.False(pair.Server.IsClosed);
        pair.Advance(ConnectionTestExtensions.Tick);

        await pair.Client.ExpectCloseAsync(CloseCode.InternalError);
    }

    [Fact]
    public async Task With_all_times_off_nothing_ever_happens_and_nothing_is_scheduled()
    {
        await using var pair = ConnectionPair.Create(o =>
            o.PingInterval = o.PongTimeout = o.ReadTimeout = o.WriteTimeout = o.UnreadLimit = o.MessageTimeout = TimeSpan.Zero);
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, isFinal: false);
        await pair.Client.SyncAsync();
        Assert.Equal(0, TimerWheel.For(pair.Time).Count);
        pair.Advance(TimeSpan.FromHours(1));

        Assert.False(pair.Server.IsClosed);
    }

    [Fact]
    public async Task C64_a_busy_handler_causes_no_false_alarm_and_a_vanished_peer_is_found_afterwards()
    {
        var interval = TimeSpan.FromMilliseconds(200);
        await using var pair = ConnectionPair.Create(
            o =>
            {
                o.PingInterval = o.PongTimeout = interval;
                o.ReadAheadMessages = 1;
            },
            capacity: 1);
        await pair.FillReadAheadAsync(messages: 1);
        var behind = pair.Client.SendPingAsync("behind");
        pair.Advance(2 * _second);
        Assert.False(pair.Server.IsClosed);

        Assert.Equal("0", await pair.Server.ReadTextAsync());
        Assert.Equal(string.Empty, await pair.Server.ReadTextAsync().Soon());
        await behind.Soon();
        RawFrame frame;
        do
        {
            frame = await pair.Client.NextAsync();
        }
        while (frame.Text != "behind");
        Assert.False(pair.Server.IsClosed);
        pair.Advance(2 * interval);

        await pair.Client.ExpectCloseAsync(CloseCode.InternalError);
    }

    [Fact]
    public async Task C65_one_heartbeat_ping_per_interval_for_ever()
    {
        const int Intervals = 500;
        const int Messages = 20;
        await using var pair = ConnectionPair.Create(o => o.PingInterval = _second);
        var timers = TimerWheel.For(pair.Time).Count;
        var pings = 0;
        for (var i = 0; i < Intervals; i++)
        {
            pair.Advance(_second);
            using var cancellation = new CancellationTokenSource();
            var read = pair.Server.ReadAsync(cancellation.Token).AsTask();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.Soon());
            var manual = pair.Server.PingAsync();
            for (var message = 0; message < Messages; message++)
            {
                await pair.Server.WriteTextAsync("x");
                await pair.Client.SendTextAsync("y");
                Assert.Equal("y", await pair.Server.ReadTextAsync().Soon());
            }

            for (var messages = 0; messages < Messages;)
            {
                var frame = await pair.Client.NextAsync();
                if (frame.Opcode == RawFrame.TextOpcode)
                {
                    messages++;
                    continue;
                }

                pings++;
                await pair.Client.SendPongAsync(frame.Payload);
            }

            await manual.Soon();
            Assert.InRange(TimerWheel.For(pair.Time).Count, 0, timers);
        }

        Assert.Equal(2 * Intervals, pings);
    }

    [Fact]
    public async Task C67_late_pongs_within_the_timeout_keep_the_peer_alive()
    {
        await using var pair = ConnectionPair.Create(o => (o.PingInterval, o.PongTimeout) = (_second, 5 * _second));
        pair.Advance(_second);
        for (var i = 0; i < 20; i++)
        {
            pair.Advance(TimeSpan.FromMilliseconds(900));
            await AnswerAsync(pair);
            pair.Advance(TimeSpan.FromMilliseconds(100));
        }

        // 4.5 s late, with several pings outstanding; the answer to the oldest makes the next one the oldest.
        pair.Advance(TimeSpan.FromMilliseconds(4500));
        Assert.False(pair.Server.IsClosed);
        await AnswerAsync(pair);
        pair.AdvanceToJustBefore(5 * _second);
        Assert.False(pair.Server.IsClosed);
        pair.Advance(ConnectionTestExtensions.Tick);
        await pair.Client.ExpectCloseAsync(CloseCode.InternalError);
    }

    [Fact]
    public async Task C67_the_timeout_is_independent_of_the_interval()
    {
        await using var pair = ConnectionPair.Create(o => (o.PingInterval, o.PongTimeout) = (5 * _second, _second));
        pair.Advance(5 * _second);
        pair.Advance(TimeSpan.FromMilliseconds(900));
        await AnswerAsync(pair);
        pair.Advance(TimeSpan.FromMilliseconds(4100));
        pair.AdvanceToJustBefore(_second);
        Assert.False(pair.Server.IsClosed);
        pair.Advance(ConnectionTestExtensions.Tick);
        await pair.Client.ExpectCloseAsync(CloseCode.InternalError);
    }

    [Fact]
    public async Task Pings_of_the_application_hide_no_vanished_peer()
    {
        await using var pair = ConnectionPair.Create();
        var pings = Enumerable.Range(0, 100).Select(_ => pair.Server.PingAsync()).ToArray();
        pair.Advance(TimeSpan.FromSeconds(40));

        Assert.True(pair.Server.IsClosed);
        await pair.Client.ExpectCloseAsync(CloseCode.InternalError);
        foreach (var ping in pings)
        {
            await Assert.ThrowsAsync<ConnectionClosedException>(() => ping.Soon());
        }
    }

    // Answers the next ping, and returns when the server has heard it.
    private static async Task AnswerAsync(ConnectionPair pair)
    {
        var ping = await pair.Client.NextAsync();
        Assert.Equal(RawFrame.PingOpcode, ping.Opcode);
        await pair.Client.SendPongAsync(ping.Payload);
        await pair.Client.SyncAsync();
    }
}
