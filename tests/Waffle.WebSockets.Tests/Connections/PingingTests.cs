using System.Globalization;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

public sealed class PingingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(125)]
    public async Task A_ping_is_answered_with_its_own_payload(int length)
    {
        await using var pair = ConnectionPair.Create();
        var payload = new string('p', length);
        await pair.Client.SendPingAsync(payload);

        var pong = await pair.Client.NextAsync();
        Assert.Equal((RawFrame.PongOpcode, payload), (pong.Opcode, pong.Text));
    }

    [Fact]
    public async Task Ten_pings_at_once_get_ten_pongs_in_order()
    {
        await using var pair = ConnectionPair.Create();
        for (var i = 0; i < 10; i++)
        {
            await pair.Client.SendPingAsync($"{i}");
        }

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"{i}", (await pair.Client.NextAsync()).Text);
        }
    }

    [Fact]
    public async Task Pings_between_fragments_are_answered()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, ConnectionTestExtensions.Utf8("a"), isFinal: false);
        await pair.Client.SyncAsync();
        await pair.Client.SendFrameAsync(RawFrame.Continuation, ConnectionTestExtensions.Utf8("b"));

        Assert.Equal("ab", await pair.Server.ReadTextAsync().Soon());
    }

    [Fact]
    public async Task Pings_are_answered_while_nobody_reads()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("unread");
        await pair.Client.SyncAsync();
    }

    [Fact]
    public async Task C16_of_a_flood_at_most_16_pongs_wait_and_the_newest_ping_is_answered()
    {
        const int Flood = 900;
        await using var pair = ConnectionPair.Create(capacity: 64 * 1024);
        await pair.Server.WriteBinaryAsync(new byte[128 * 1024]);
        for (var i = 0; i < Flood; i++)
        {
            await pair.Client.SendPingAsync($"{i}".PadRight(125));
        }

        // The server has read all pings when it has read what follows them.
        await pair.Client.SendTextAsync("end");
        Assert.Equal("end", await pair.Server.ReadTextAsync().Soon());

        Assert.Equal(RawFrame.BinaryOpcode, (await pair.Client.NextAsync()).Opcode);
        await pair.Server.WriteTextAsync("end");
        var pongs = new List<int>();
        for (var frame = await pair.Client.NextAsync(); frame.Opcode == RawFrame.PongOpcode; frame = await pair.Client.NextAsync())
        {
            pongs.Add(int.Parse(frame.Text, CultureInfo.InvariantCulture));
        }

        Assert.Equal(pongs.Order(), pongs);
        Assert.Equal(Flood - 1, pongs[^1]);

        // Sixteen waited, and one more may have been under way.
        Assert.InRange(pongs.Count, 16, 17);
    }

    [Fact]
    public async Task C16_a_million_pings_of_a_peer_that_never_reads_end_in_1008_and_few_pongs_are_kept_for_it()
    {
        await using var pair = ConnectionPair.Create(capacity: 4096);
        var ping = RawFrame.Encode(RawFrame.PingOpcode, new byte[125], mask: new byte[4]);
        var flood = Task.Run(async () =>
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                if ((await pair.Client.Transport.Output.WriteAsync(ping)).IsCompleted)
                {
                    return;
                }
            }
        });
        await Wait.Eventually(() => pair.Server.IsClosed);
        await pair.Time.AdvanceUntilAsync(TimeSpan.FromSeconds(5), () => pair.Server.Completion.IsCompleted, "the CloseTimeout is over");

        var end = await pair.Server.Completion;
        Assert.Equal((CloseCode.PolicyViolation, CloseCause.ProtocolViolation), (end.Code, end.Cause));
        await flood.Soon();

        // What the stream held, what was being written, and the sixteen that waited.
        var pongs = await pair.Client.ReadToEndAsync();
        Assert.All(pongs, frame => Assert.Equal(RawFrame.PongOpcode, frame.Opcode));
        Assert.InRange(pongs.Count, 1, (4096 / 127) + 1 + 16 + 16);
    }

    [Fact]
    public async Task C16_a_million_pings_within_the_allowed_rate_keep_few_pongs_waiting_and_the_last_is_answered()
    {
        // 1,000 at once and 100 a second are allowed.
        const int AtOnce = 900;
        await using var pair = ConnectionPair.Create(
            options => options.PingInterval = options.WriteTimeout = options.MessageTimeout = TimeSpan.Zero, capacity: 4096);
        var ping = RawFrame.Encode(RawFrame.PingOpcode, new byte[125], mask: new byte[4]);
        byte[] pings = [.. Enumerable.Repeat(ping, AtOnce).SelectMany(frame => frame)];
        for (var sent = 0; sent < 1_000_000; sent += AtOnce)
        {
            await pair.Client.SendBytesAsync(pings);
            pair.Advance(TimeSpan.FromSeconds(10));
        }

        await pair.Client.SendPingAsync("last".PadRight(125));
        await pair.Client.SendTextAsync("end");
        Assert.Equal("end", await pair.Server.ReadTextAsync().Soon());

        // Then it reads.
        var pongs = 0;
        for (var frame = await pair.Client.NextAsync(); !frame.Text.StartsWith("last", StringComparison.Ordinal); frame = await pair.Client.NextAsync())
        {
            Assert.Equal((RawFrame.PongOpcode, 125), (frame.Opcode, frame.Payload.Length));
            pongs++;
        }

        Assert.InRange(pongs, 15, (4096 / 127) + 1 + 16 + 16);
        await pair.Client.SyncAsync();
    }

    [Fact]
    public async Task A_burst_of_1000_and_100_per_second_are_allowed()
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero);
        await SendPongsAsync(1_000);
        await FlushAsync();
        for (var second = 0; second < 5; second++)
        {
            pair.Advance(TimeSpan.FromSeconds(1));
            await SendPongsAsync(100);
            await FlushAsync();
            Assert.False(pair.Server.IsClosed);
        }

        await SendPongsAsync(1);
        await pair.Client.ExpectCloseAsync(CloseCode.PolicyViolation);

        async Task SendPongsAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await pair.Client.SendPongAsync();
            }
        }

        // An answered ping of ours is not counted. The second is read by itself, when all before it has been dealt with.
        async Task FlushAsync()
        {
            for (var i = 0; i < 2; i++)
            {
                var ping = pair.Server.PingAsync();
                await pair.Client.SendPongAsync((await pair.Client.NextAsync()).Payload);
                await ping.Soon();
            }
        }
    }

    [Fact]
    public async Task A_peer_may_ping_for_days_on_a_connection_on_which_nothing_else_happens()
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero);
        for (var i = 0; i < 3_000; i++)
        {
            await pair.Client.SyncAsync();
            pair.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.False(pair.Server.IsClosed);
    }

    [Fact]
    public async Task Answers_to_our_pings_do_not_count()
    {
        await using var pair = ConnectionPair.Create();
        for (var i = 0; i < 3_000; i++)
        {
            var ping = pair.Server.PingAsync();
            await pair.Client.SendPongAsync((await pair.Client.NextAsync()).Payload);
            await ping.Soon();
        }

        Assert.False(pair.Server.IsClosed);
    }

    [Fact]
    public async Task Unasked_pongs_are_ignored()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendPongAsync();
        await pair.Client.SendPongAsync(new byte[8]);
        await pair.Client.SendPongAsync(new byte[125]);
        await pair.Client.SyncAsync();

        Assert.Null(pair.Server.LastRoundTripTime);
        Assert.False(pair.Server.IsClosed);
    }

    [Fact]
    public async Task A_ping_measures_the_round_trip()
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero);
        var ping = pair.Server.PingAsync();
        var frame = await pair.Client.NextAsync();
        Assert.Equal((RawFrame.PingOpcode, true), (frame.Opcode, frame.Payload.Length <= 125));
        pair.Advance(TimeSpan.FromMilliseconds(123));
        await pair.Client.SendPongAsync(frame.Payload);

        Assert.Equal(TimeSpan.FromMilliseconds(123), await ping.Soon());
        Assert.Equal(TimeSpan.FromMilliseconds(123), pair.Server.LastRoundTripTime);
    }

    [Fact]
    public async Task C17_only_the_true_pong_completes_a_ping()
    {
        await using var pair = ConnectionPair.Create();
        var first = pair.Server.PingAsync();
        var firstFrame = await pair.Client.NextAsync();
        await pair.Client.SendPongAsync(firstFrame.Payload);
        await first.Soon();

        var second = pair.Server.PingAsync();
        var secondFrame = await pair.Client.NextAsync();
        await pair.Client.SendPongAsync();
        await pair.Client.SendPongAsync(new byte[] { 1, 2, 3 });
        await pair.Client.SendPongAsync(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 });
        await pair.Client.SendPongAsync(firstFrame.Payload);
        await pair.Client.SyncAsync();
        Assert.False(second.IsCompleted);
        await pair.Client.SendPongAsync(secondFrame.Payload);
        await second.Soon();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C17_the_late_pong_of_a_cancelled_ping_completes_no_other(bool isBeforeTheNextPing)
    {
        await using var pair = ConnectionPair.Create();
        using var cancellation = new CancellationTokenSource();
        var cancelled = pair.Server.PingAsync(cancellation.Token);
        var cancelledFrame = await pair.Client.NextAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Soon());

        if (isBeforeTheNextPing)
        {
            await pair.Client.SendPongAsync(cancelledFrame.Payload);
            await pair.Client.SyncAsync();
        }

        var next = pair.Server.PingAsync();
        var nextFrame = await pair.Client.NextAsync();
        await pair.Client.SendPongAsync(cancelledFrame.Payload);
        await pair.Client.SyncAsync();
        Assert.False(next.IsCompleted);
        await pair.Client.SendPongAsync(nextFrame.Payload);
        await next.Soon();
    }

    [Fact]
    public async Task The_pong_of_a_later_ping_answers_the_earlier_ones()
    {
        await using var pair = ConnectionPair.Create();
        var pings = Enumerable.Range(0, 5).Select(_ => pair.Server.PingAsync()).ToArray();
        var frames = new List<RawFrame>();
        for (var i = 0; i < pings.Length; i++)
        {
            frames.Add(await pair.Client.NextAsync());
        }

        await pair.Client.SendPongAsync(frames[3].Payload);
        await Task.WhenAll(pings[..4]).Soon();
        Assert.False(pings[4].IsCompleted);
    }

    [Fact]
    public async Task Of_many_pings_that_cannot_leave_16_wait_and_the_last_pong_answers_them_all()
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero, capacity: 1);
        await pair.Server.WriteTextAsync("under way");
        var pings = Enumerable.Range(0, 100).Select(_ => pair.Server.PingAsync()).ToArray();
        Assert.Equal("under way", (await pair.Client.NextAsync()).Text);
        var frames = new List<RawFrame>();
        for (var i = 0; i < 16; i++)
        {
            frames.Add(await pair.Client.NextAsync());
        }

        Assert.All(frames, frame => Assert.Equal(RawFrame.PingOpcode, frame.Opcode));
        await pair.Client.SendPongAsync(frames[^1].Payload);
        await Task.WhenAll(pings).Soon();
        await pair.Client.SyncAsync();
    }

    [Fact]
    public async Task Pings_end_with_the_connection()
    {
        await using var pair = ConnectionPair.Create();
        var ping = pair.Server.PingAsync();
        pair.Server.Abort();

        var closed = await Assert.ThrowsAsync<ConnectionClosedException>(() => ping.Soon());
        Assert.Equal(CloseCause.Aborted, closed.Close.Cause);
    }
}
