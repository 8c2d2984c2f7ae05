using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Each limit of a connection that is met is counted once, under its own name.</summary>
public sealed class CountedLimitTests : IDisposable
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private readonly CountedLimits _limits = new();

    public void Dispose() => _limits.Dispose();

    [Fact]
    public async Task A_message_that_is_too_big()
    {
        await using var pair = Create(o => o.MaxMessageSize = 100);
        await pair.Client.SendBinaryAsync(new byte[101]);

        await _limits.ExpectOnlyAsync("max_message_size");
        await Wait.Eventually(() => _limits.Logs.Lines.Count > 0, "it is logged, after it was counted");
        Assert.Contains("met: 100 bytes.", Assert.Single(_limits.Logs.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fragment_too_many()
    {
        await using var pair = Create(o => o.MaxFragments = 1);
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, isFinal: false);
        await pair.Client.SendFrameAsync(RawFrame.Continuation);

        await _limits.ExpectOnlyAsync("max_fragments");
    }

    [Fact]
    public async Task No_number_of_fragments_is_too_many_where_the_limit_is_off()
    {
        await using var pair = Create(o => o.MaxFragments = 0);
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, isFinal: false);
        for (var i = 0; i < 20_000; i++)
        {
            await pair.Client.SendFrameAsync(RawFrame.Continuation, isFinal: false);
        }

        await pair.Client.SendFrameAsync(RawFrame.Continuation, "end"u8.ToArray());
        Assert.Equal("end", await pair.Server.ReadTextAsync().Soon());
        Assert.Empty(_limits.Counts);
    }

    [Fact]
    public async Task A_message_that_takes_too_long()
    {
        await using var pair = Create();
        await pair.Client.SendFrameAsync(RawFrame.TextOpcode, isFinal: false);
        await pair.Time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => pair.Server.IsClosed, "the message's time is over");

        await _limits.ExpectOnlyAsync("message_timeout");
    }

    [Fact]
    public async Task A_control_frame_too_many()
    {
        await using var pair = Create();
        var pong = RawFrame.Encode(RawFrame.PongOpcode, [], mask: [1, 2, 3, 4]);
        await pair.Client.SendBytesAsync(Enumerable.Repeat(pong, 1_001).SelectMany(frame => frame).ToArray());

        await _limits.ExpectOnlyAsync("control_frames");
    }

    [Fact]
    public async Task No_message_in_time()
    {
        await using var pair = Create(o => o.ReadTimeout = _minute);
        pair.Advance(_minute);

        await _limits.ExpectOnlyAsync("read_timeout");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public async Task No_pong_in_time_and_the_last_word_of_one_second_is_no_limit_of_its_own(int seconds)
    {
        await using var pair = ConnectionPair.Create(
            o => (o.PongTimeout, o.PingInterval, o.WriteTimeout) = (TimeSpan.FromSeconds(seconds), _minute, TimeSpan.Zero), capacity: 1, limits: _limits);
        await pair.Time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => pair.Server.Completion.IsCompleted, "the peer is gone");

        await _limits.ExpectOnlyAsync("pong_timeout");
        Assert.Contains($"met: {(seconds == 0 ? 60 : seconds)} s.", Assert.Single(_limits.Logs.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_unread_for_too_long()
    {
        await using var pair = ConnectionPair.Create(
            o => (o.PingInterval, o.ReadAheadMessages, o.MessageTimeout) = (TimeSpan.Zero, 1, TimeSpan.Zero), capacity: 1, limits: _limits);
        await pair.FillReadAheadAsync(1);
        await pair.Time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), () => pair.Server.IsClosed, "the time is over");

        await _limits.ExpectOnlyAsync("unread_limit");
    }

    [Fact]
    public async Task A_write_that_stands_still()
    {
        await using var pair = ConnectionPair.Create(o => o.PingInterval = TimeSpan.Zero, capacity: 1, limits: _limits);
        await pair.Server.WriteTextAsync("stuck").Soon();
        await pair.Time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => pair.Server.IsClosed, "the time is over");

        await _limits.ExpectOnlyAsync("write_timeout");
    }

    [Fact]
    public async Task A_Close_that_is_not_answered()
    {
        await using var pair = Create();
        var closing = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        await pair.Time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), () => closing.IsCompleted, "the time is over");

        await _limits.ExpectOnlyAsync("close_timeout");
    }

    [Fact]
    public async Task More_than_64_KiB_behind_a_failure()
    {
        await using var pair = Create(o => o.MaxMessageSize = 100);
        await pair.Client.SendFrameAsync(0xF);
        await pair.Client.ExpectCloseAsync(CloseCode.ProtocolError);
        for (var i = 0; i < 66 && pair.Client.Transport.Output is { } output; i++)
        {
            await output.WriteAsync(new byte[1024]).Soon();
        }

        await _limits.ExpectOnlyAsync("data_after_close");
    }

    [Theory]
    [InlineData(QueueFullPolicy.Disconnect, 1)]
    [InlineData(QueueFullPolicy.DropNewest, 3)]
    [InlineData(QueueFullPolicy.DropOldest, 3)]
    public async Task A_full_queue_counts_each_message_that_it_costs(QueueFullPolicy policy, int hits)
    {
        await using var pair = await SendingTests.StallAsync(o => o.SendQueueMaxMessages = 1, limits: _limits);
        for (var i = 0; i < 4; i++)
        {
            await SendingTests.SendAsync(pair.Server, [(byte)i], policy);
        }

        await _limits.ExpectOnlyAsync("send_queue_max_messages", hits);
    }

    [Fact]
    public async Task A_queue_that_is_full_of_bytes_says_so()
    {
        await using var pair = await SendingTests.StallAsync(o => (o.SendQueueMaxMessages, o.SendQueueMaxBytes) = (100, 1_000), limits: _limits);
        await SendingTests.SendAsync(pair.Server, new byte[900], QueueFullPolicy.DropNewest);
        await SendingTests.SendAsync(pair.Server, new byte[900], QueueFullPolicy.DropNewest);

        await _limits.ExpectOnlyAsync("send_queue_max_bytes");
    }

    [Fact]
    public async Task An_end_in_good_order_meets_none()
    {
        await using var pair = Create();
        await pair.Client.SendTextAsync("hello");
        await pair.Server.ReadTextAsync().Soon();
        await pair.Client.SendCloseAsync();
        await pair.Server.Completion.Soon();

        Assert.Empty(_limits.Counts);
        Assert.Empty(_limits.Logs.Lines);
    }

    private ConnectionPair Create(Action<WebSocketConnectionOptions>? configure = null) => ConnectionPair.Create(
        o =>
        {
            o.PingInterval = TimeSpan.Zero;
            configure?.Invoke(o);
        },
        limits: _limits);
}
