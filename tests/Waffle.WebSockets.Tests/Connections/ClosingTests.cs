using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

public sealed class ClosingTests
{
    private static readonly TimeSpan _closeTimeout = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Our_Close_is_answered_and_the_stream_ends()
    {
        await using var pair = ConnectionPair.Create();
        var closing = pair.Server.CloseAsync((CloseCode)4000, "done");

        var close = await pair.Client.ExpectCloseAsync((CloseCode)4000);
        Assert.Equal("done", close.CloseReason);
        Assert.True(pair.Server.IsClosed);
        Assert.False(pair.Server.Completion.IsCompleted);

        await pair.Client.SendCloseAsync(4000);
        await closing.Soon();
        Assert.Null(await pair.Client.ReadFrameAsync());
        Assert.Equal(new CloseInfo((CloseCode)4000, "done", CloseCause.ClosedHere), await pair.Server.Completion.Soon());
    }

    [Theory]
    [InlineData(1000, "")]
    [InlineData(1001, "gone")]
    [InlineData(3000, "a")]
    [InlineData(4999, "b")]
    public async Task A_Close_of_the_peers_is_echoed_at_once(int code, string reason)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendCloseAsync(code, reason);

        await pair.Client.ExpectCloseAsync((CloseCode)code);
        Assert.Null(await pair.Client.ReadFrameAsync());
        Assert.Equal(new CloseInfo((CloseCode)code, reason, CloseCause.PeerClosed), await pair.Server.Completion.Soon());
    }

    [Fact]
    public async Task An_empty_Close_is_answered_by_an_empty_one_and_reported_as_1005()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendCloseAsync(code: null);

        var close = await pair.Client.NextAsync();
        Assert.Equal(RawFrame.CloseOpcode, close.Opcode);
        Assert.Empty(close.Payload);
        Assert.Null(await pair.Client.ReadFrameAsync());
        var end = await pair.Server.Completion.Soon();
        Assert.Equal((CloseCode.NoStatusReceived, CloseCause.PeerClosed, true), (end.Code, end.Cause, end.IsNormal));
    }

    [Fact]
    public async Task When_both_sides_close_each_Close_answers_the_other()
    {
        await using var pair = ConnectionPair.Create();
        var closing = pair.Server.CloseAsync((CloseCode)4001);
        await pair.Client.SendCloseAsync(4002);

        await pair.Client.ExpectCloseAsync((CloseCode)4001);
        Assert.Null(await pair.Client.ReadFrameAsync());
        await closing.Soon();
        Assert.Equal(CloseCause.ClosedHere, (await pair.Server.Completion).Cause);
    }

    [Fact]
    public async Task When_both_sides_close_before_our_Close_is_written_only_one_goes_out()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync("waits"));
        var closing = pair.Server.CloseAsync((CloseCode)4001);
        await pair.Client.SendCloseAsync(4002);

        Assert.Equal("waits", (await pair.Client.NextAsync()).Text);
        await pair.Client.ExpectCloseAsync((CloseCode)4001);
        Assert.Null(await pair.Client.ReadFrameAsync());
        await closing.Soon();
    }

    [Fact]
    public async Task A_Close_goes_behind_what_was_accepted_and_nothing_is_accepted_after_it()
    {
        await using var pair = ConnectionPair.Create(capacity: 64);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync($"message {i}"));
        }

        var closing = pair.Server.CloseAsync();
        Assert.Equal(SendStatus.Closed, await pair.Server.WriteTextAsync("late"));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal($"message {i}", (await pair.Client.NextAsync()).Text);
        }

        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        await pair.Client.SendCloseAsync();
        Assert.Null(await pair.Client.ReadFrameAsync());
        await closing.Soon();
        Assert.Equal(0, (await pair.Server.Completion).UnsentMessages);
    }

    [Fact]
    public async Task No_byte_leaves_after_our_Close()
    {
        await using var pair = ConnectionPair.Create();
        var closing = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);

        await pair.Client.SendPingAsync("still there?");
        await pair.Client.SendTextAsync("a message under way");
        Assert.Equal(SendStatus.Closed, await pair.Server.WriteTextAsync("late"));
        var ping = pair.Server.PingAsync();
        pair.Advance(_closeTimeout);

        Assert.Null(await pair.Client.ReadFrameAsync());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => ping.Soon());
        await closing.Soon();
    }

    [Fact]
    public async Task A_peer_that_never_answers_our_Close_is_cut_after_the_CloseTimeout()
    {
        await using var pair = ConnectionPair.Create();
        var closing = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);

        pair.AdvanceToJustBefore(_closeTimeout);
        Assert.False(closing.IsCompleted);
        pair.Advance(ConnectionTestExtensions.Tick);

        await closing.Soon();
        Assert.Null(await pair.Client.ReadFrameAsync());
        Assert.Equal(CloseCause.ClosedHere, (await pair.Server.Completion).Cause);
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task The_token_of_CloseAsync_ends_the_wait_and_not_the_closing()
    {
        await using var pair = ConnectionPair.Create();
        using var cancellation = new CancellationTokenSource();
        var closing = pair.Server.CloseAsync(cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing.Soon());
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        await pair.Client.SendCloseAsync();
        Assert.Null(await pair.Client.ReadFrameAsync());
        await pair.Server.Completion.Soon();
    }

    [Fact]
    public async Task A_second_Close_only_waits()
    {
        await using var pair = ConnectionPair.Create();
        var first = pair.Server.CloseAsync((CloseCode)4001);
        var second = pair.Server.CloseAsync((CloseCode)4002);

        await pair.Client.ExpectCloseAsync((CloseCode)4001);
        await pair.Client.SendCloseAsync();
        await first.Soon();
        await second.Soon();
        Assert.Null(await pair.Client.ReadFrameAsync());
        await pair.Server.CloseAsync((CloseCode)4003).Soon();
        Assert.Equal((CloseCode)4001, (await pair.Server.Completion).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    [InlineData(1004)]
    [InlineData(1005)]
    [InlineData(1006)]
    [InlineData(1015)]
    [InlineData(1016)]
    [InlineData(2999)]
    [InlineData(5000)]
    public async Task A_code_that_must_not_be_sent_is_an_argument_error_and_leaves_the_connection_open(int code)
    {
        await using var pair = ConnectionPair.Create();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => pair.Server.CloseAsync((CloseCode)code).Soon());

        Assert.False(pair.Server.IsClosed);
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteTextAsync("open"));
        Assert.Equal("open", (await pair.Client.NextAsync()).Text);
    }

    [Fact]
    public async Task A_reason_of_123_bytes_fits_and_a_longer_one_is_an_argument_error()
    {
        await using var pair = ConnectionPair.Create();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => pair.Server.CloseAsync(reason: new string('ä', 62)).Soon());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => pair.Server.CloseAsync(reason: null!).Soon());
        Assert.False(pair.Server.IsClosed);

        var reason = new string('x', 123);
        _ = pair.Server.CloseAsync(reason: reason);
        Assert.Equal(reason, (await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure)).CloseReason);
    }

    [Fact]
    public async Task Closing_from_inside_a_read_loop_works()
    {
        await using var pair = ConnectionPair.Create();
        var handler = Task.Run(async () =>
        {
            var count = 0;
            await foreach (var message in pair.Server.ReadAllAsync())
            {
                count++;
                if (message.GetText() == "close")
                {
                    await pair.Server.CloseAsync();
                }
            }

            return count;
        });
        await pair.Client.SendTextAsync("one");
        await pair.Client.SendTextAsync("close");
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        await pair.Client.SendTextAsync("too late");
        await pair.Client.SendCloseAsync();

        Assert.Equal(2, await handler.Soon());
        Assert.Null(await pair.Client.ReadFrameAsync());
    }

    [Fact]
    public async Task C18_unread_messages_and_a_silent_peer_hold_up_no_Close()
    {
        await using var pair = ConnectionPair.Create();
        for (var i = 0; i < 20; i++)
        {
            await pair.Client.SendTextAsync("nobody reads this");
        }

        await pair.Client.SyncAsync();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(1), pair.Time);
        var impatient = pair.Server.CloseAsync(cancellationToken: cancellation.Token);
        var patient = pair.Server.CloseAsync();
        pair.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient.Soon());
        pair.Advance(_closeTimeout);

        await patient.Soon();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.Null(await pair.Client.ReadFrameAsync());
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task C19_messages_before_a_Close_are_read_even_late()
    {
        await using var pair = ConnectionPair.Create();
        byte[] segment =
        [
            .. Frame("1"), .. Frame("2"), .. Frame("3"),
            .. RawFrame.Encode(RawFrame.CloseOpcode, RawFrame.ClosePayload(4001, "bye"), mask: new byte[4]),
        ];
        await pair.Client.SendBytesAsync(segment);
        await pair.Client.EndAsync();
        await pair.Server.Completion.Soon();
        pair.Advance(TimeSpan.FromSeconds(1));

        for (var i = 1; i <= 3; i++)
        {
            Assert.False(pair.Server.Closed.IsCancellationRequested);
            Assert.Equal($"{i}", await pair.Server.ReadTextAsync());
        }

        var closed = await Assert.ThrowsAsync<ConnectionClosedException>(() => pair.Server.ReadAsync().AsTask());
        Assert.Equal(new CloseInfo((CloseCode)4001, "bye", CloseCause.PeerClosed), closed.Close);
        await pair.Server.Handled.Soon();

        static byte[] Frame(string text) => RawFrame.Encode(RawFrame.TextOpcode, ConnectionTestExtensions.Utf8(text), mask: new byte[4]);
    }

    [Fact]
    public async Task C21_pings_in_the_background_hold_up_no_Close()
    {
        for (var round = 0; round < 200; round++)
        {
            await using var pair = ConnectionPair.Create();
            var pinging = Task.Run(async () =>
            {
                while (true)
                {
                    await pair.Server.PingAsync();
                }
            });
            var answering = Task.Run(async () =>
            {
                while (await pair.Client.ReadFrameAsync() is { } frame)
                {
                    if (frame.Opcode == RawFrame.PingOpcode)
                    {
                        await pair.Client.SendPongAsync(frame.Payload);
                    }
                    else
                    {
                        await pair.Client.SendFrameAsync(frame.Opcode, frame.Payload);
                    }
                }
            });
            await Wait.Eventually(() => pair.Server.LastRoundTripTime is not null);

            await pair.Server.CloseAsync().Soon();
            await Assert.ThrowsAsync<ConnectionClosedException>(() => pinging.Soon());
            await answering.Soon();
        }
    }

    [Fact]
    public async Task C22_a_waiting_write_and_read_end_with_a_Close_to_a_peer_that_reads_nothing()
    {
        await using var pair = ConnectionPair.Create(o => o.SendQueueMaxMessages = 1, capacity: 1);
        await pair.Server.WriteTextAsync("under way");
        await pair.Server.WriteTextAsync("waits");
        var write = pair.Server.WriteTextAsync("for room").AsTask();
        var read = pair.Server.ReadAsync().AsTask();
        Assert.False(write.IsCompleted);

        var closing = pair.Server.CloseAsync();
        _ = pair.Client.SendTextAsync("unexpected");
        Assert.Equal(SendStatus.Closed, await write.Soon());
        pair.Advance(_closeTimeout);

        await closing.Soon();
        await Assert.ThrowsAsync<ConnectionClosedException>(() => read.Soon());
        Assert.Equal(2, (await pair.Server.Completion).UnsentMessages);
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task Abort_cuts_at_once_without_a_Close()
    {
        await using var pair = ConnectionPair.Create();
        pair.Server.Abort();

        Assert.Null(await pair.Client.ReadFrameAsync());
        var end = await pair.Server.Completion.Soon();
        Assert.Equal((CloseCode.AbnormalClosure, CloseCause.Aborted, false), (end.Code, end.Cause, end.IsNormal));
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task Abort_after_our_Close_was_written_still_ends_the_stream()
    {
        await using var pair = ConnectionPair.Create();
        _ = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);

        pair.Server.Abort();
        Assert.Null(await pair.Client.ReadFrameAsync());
        Assert.Equal(CloseCause.ClosedHere, (await pair.Server.Completion.Soon()).Cause);
    }

    [Fact]
    public async Task Abort_while_a_write_stands_still_ends_the_stream()
    {
        await using var pair = ConnectionPair.Create(capacity: 1);
        await pair.Server.WriteTextAsync("first");
        await pair.Server.WriteTextAsync("second");
        pair.Server.Abort();

        await pair.Server.Completion.Soon();
        await pair.NothingIsScheduledAsync();
        Assert.Equal("first", (await pair.Client.NextAsync()).Text);
        Assert.Null(await pair.Client.ReadFrameAsync());
    }

    [Fact]
    public async Task Disposing_closes_with_1000_and_waits_until_the_transport_is_released()
    {
        var pair = ConnectionPair.Create();
        var disposing = pair.Server.DisposeAsync().AsTask();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        Assert.False(disposing.IsCompleted);
        await pair.Client.SendCloseAsync();
        await disposing.Soon();

        Assert.Null(await pair.Client.ReadFrameAsync());
        await pair.Server.DisposeAsync().AsTask().Soon();
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task A_Close_races_with_Abort_and_the_peers_Close_without_harm()
    {
        for (var round = 0; round < 1_000; round++)
        {
            await using var pair = ConnectionPair.Create();
            using var start = new Barrier(3);
            var actions = new Action[]
            {
                () => _ = pair.Server.CloseAsync(),
                () =>
                {
                    if (round % 2 == 0)
                    {
                        pair.Server.Abort();
                    }
                    else
                    {
                        _ = pair.Server.WriteTextAsync("x").AsTask();
                    }
                },
                () => _ = pair.Client.SendCloseAsync(),
            };
            var all = actions.Select(action => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    action();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));
            await Task.WhenAll(all).Soon();

            await pair.Server.Completion.Soon();
            var frames = await pair.Client.ReadToEndAsync();
            Assert.True(frames.Count(frame => frame.Opcode == RawFrame.CloseOpcode) <= 1);
            Assert.DoesNotContain(frames.SkipWhile(frame => frame.Opcode != RawFrame.CloseOpcode).Skip(1), _ => true);
            await pair.NothingIsScheduledAsync();
        }
    }
}
