using Waffle.WebSockets.TestKit;
using static Waffle.WebSockets.Tests.Connections.SendingTests;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>What becomes of messages when the queue is full.</summary>
public sealed class QueueFullTests
{
    [Fact]
    public async Task DropNewest_keeps_what_waits()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxMessages = 3);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(SendStatus.Queued, await SendAsync(pair.Server, [(byte)i], QueueFullPolicy.DropNewest));
        }

        Assert.Equal(SendStatus.Dropped, await SendAsync(pair.Server, [9], QueueFullPolicy.DropNewest));
        await pair.Client.NextAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal([(byte)i], (await pair.Client.NextAsync()).Payload);
        }

        await CloseAsync(pair, unsent: 0);
    }

    [Fact]
    public async Task DropOldest_makes_room_and_counts_what_it_dropped()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxMessages = 3);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(SendStatus.Queued, await SendAsync(pair.Server, [(byte)i], QueueFullPolicy.DropOldest));
        }

        await pair.Client.NextAsync();
        for (var i = 7; i < 10; i++)
        {
            Assert.Equal([(byte)i], (await pair.Client.NextAsync()).Payload);
        }

        await CloseAsync(pair, unsent: 7);
    }

    public static MatrixTheoryData<QueueFullPolicy, int, MessageCompression> Droppers => new(
        [QueueFullPolicy.DropNewest, QueueFullPolicy.DropOldest],
        [1, 7, 1000],
        [MessageCompression.Disabled, MessageCompression.ContextTakeover]);

    [Theory]
    [MemberData(nameof(Droppers))]
    public async Task C59_a_frame_of_which_a_byte_has_left_is_never_touched_though_pings_come_between(
        QueueFullPolicy policy, int capacity, MessageCompression compression)
    {
        const int Messages = 40;
        const int Length = 200_000;
        await using var pair = await StallAsync(o => o.SendQueueMaxBytes = 500_000, capacity, compression);
        var inflater = new DeflatePeer();
        inflater.PayloadOf(await pair.Client.NextAsync());
        var (queued, received, pings) = (new List<int>(), new List<int>(), 0);
        for (var i = 0; i < Messages; i++)
        {
            if (await SendAsync(pair.Server, HalfNoise(i, Length), policy) == SendStatus.Queued)
            {
                queued.Add(i);
            }

            _ = pair.Server.PingAsync();
            await pair.Client.SendPingAsync($"{i}");
            if (i % 10 == 9)
            {
                await ReadOneAsync();
            }
        }

        _ = pair.Server.CloseAsync();
        await pair.Client.SendCloseAsync();
        while (await ReadOneAsync())
        {
        }

        var end = await pair.Server.Completion.Soon();
        Assert.Equal(received.Order(), received);
        Assert.Distinct(received);
        Assert.InRange(received.Count, 4, Messages / 2);
        Assert.NotEqual(0, pings);
        if (policy == QueueFullPolicy.DropNewest)
        {
            Assert.Equal(queued, received);
            Assert.Equal(0, end.UnsentMessages);
        }
        else
        {
            Assert.Equal((Messages, Messages - 1), (queued.Count, received[^1]));
            Assert.Equal(Messages, received.Count + end.UnsentMessages);
        }

        // The next message, and whatever stands before it; false at the Close.
        async Task<bool> ReadOneAsync()
        {
            while (true)
            {
                var frame = await pair.Client.NextAsync();
                switch (frame.Opcode)
                {
                    case RawFrame.CloseOpcode:
                        return false;
                    case RawFrame.BinaryOpcode:
                        var data = inflater.PayloadOf(frame);
                        received.Add(ConnectionTestExtensions.NumberOf(data));
                        Assert.True(HalfNoise(received[^1], Length).AsSpan().SequenceEqual(data));
                        return true;
                    default:
                        Assert.True(frame.Opcode is RawFrame.PingOpcode or RawFrame.PongOpcode);
                        pings++;
                        break;
                }
            }
        }
    }

    [Fact]
    public async Task Disconnect_ends_the_connection_with_1013_behind_the_frame_under_way()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxMessages = 2);
        await SendAsync(pair.Server, [1], QueueFullPolicy.Disconnect);
        await SendAsync(pair.Server, [2], QueueFullPolicy.Disconnect);
        Assert.Equal(SendStatus.Dropped, await SendAsync(pair.Server, [3], QueueFullPolicy.Disconnect));
        Assert.Equal(SendStatus.Closed, await SendAsync(pair.Server, [4], QueueFullPolicy.Disconnect));
        Assert.True(pair.Server.IsClosed);

        Assert.Equal(16, (await pair.Client.NextAsync()).Payload.Length);
        await pair.Client.ExpectCloseAsync(CloseCode.TryAgainLater);
        var end = await pair.Server.Completion.Soon();
        Assert.Equal((CloseCode.TryAgainLater, CloseCause.SlowConsumer, 2), (end.Code, end.Cause, end.UnsentMessages));
        await pair.Client.EndAsync();
        Assert.Null(await pair.Client.ReadFrameAsync());
        await pair.NothingIsScheduledAsync();
    }

    [Fact]
    public async Task A_slow_client_has_one_second_to_take_its_1013_and_is_then_cut()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxMessages = 1);
        await SendAsync(pair.Server, [1], QueueFullPolicy.Disconnect);
        await SendAsync(pair.Server, [2], QueueFullPolicy.Disconnect);
        pair.AdvanceToJustBefore(TimeSpan.FromSeconds(1));
        Assert.False(pair.Server.Completion.IsCompleted);
        pair.Advance(ConnectionTestExtensions.Tick);

        var end = await pair.Server.Completion.Soon();
        Assert.Equal((CloseCode.TryAgainLater, CloseCause.SlowConsumer), (end.Code, end.Cause));
        await pair.NothingIsScheduledAsync();
        Assert.Equal(16, (await pair.Client.NextAsync()).Payload.Length);
        Assert.Null(await pair.Client.ReadFrameAsync());
    }

    [Fact]
    public async Task Wait_waits_and_those_of_other_policies_pass_by()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxMessages = 1);
        await SendAsync(pair.Server, [1], QueueFullPolicy.Wait);
        var waiting = SendAsync(pair.Server, [3], QueueFullPolicy.Wait).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.Equal(SendStatus.Queued, await SendAsync(pair.Server, [2], QueueFullPolicy.DropOldest));

        await pair.Client.NextAsync();
        Assert.Equal([2], (await pair.Client.NextAsync()).Payload);
        Assert.Equal([3], (await pair.Client.NextAsync()).Payload);
        Assert.Equal(SendStatus.Queued, await waiting.Soon());
        await CloseAsync(pair, unsent: 1);
    }

    [Fact]
    public async Task The_queue_is_bounded_in_bytes_each_message_with_64_more()
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxBytes = 1000);
        for (var i = 0; i < 6; i++)
        {
            // 2 + 98 + 64 = 164.
            Assert.Equal(SendStatus.Queued, await SendAsync(pair.Server, new byte[98], QueueFullPolicy.DropNewest));
        }

        Assert.Equal(984, pair.Server.Queue.WaitingBytes);
        Assert.Equal(SendStatus.Dropped, await SendAsync(pair.Server, [], QueueFullPolicy.DropNewest));
    }

    [Fact]
    public async Task C60_a_message_larger_than_the_queue_goes_out_while_the_queue_is_not_full()
    {
        await using var pair = ConnectionPair.Create(o => o.SendQueueMaxBytes = 256 * 1024);
        Assert.Equal(SendStatus.Queued, await SendAsync(pair.Server, new byte[1024 * 1024], QueueFullPolicy.Disconnect));
        Assert.Equal(1024 * 1024, (await pair.Client.NextAsync()).Payload.Length);

        await using var stalled = await StallAsync(o => o.SendQueueMaxBytes = 256 * 1024);
        await SendAsync(stalled.Server, [1], QueueFullPolicy.Disconnect);
        Assert.Equal(SendStatus.Queued, await SendAsync(stalled.Server, new byte[1024 * 1024], QueueFullPolicy.Disconnect));
        Assert.InRange(stalled.Server.Queue.WaitingBytes, 1024 * 1024, (1024 + 256) * 1024);
        Assert.Equal(SendStatus.Dropped, await SendAsync(stalled.Server, [1], QueueFullPolicy.DropNewest));
        Assert.False(stalled.Server.IsClosed);
    }

    // Compressed, it is still far longer than what the transport takes.
    private static byte[] HalfNoise(int number, int length)
    {
        var data = ConnectionTestExtensions.Numbered(number, length);
        new Random(number).NextBytes(data.AsSpan(sizeof(int), length / 2));
        return data;
    }

    private static async Task CloseAsync(ConnectionPair pair, int unsent)
    {
        _ = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        await pair.Client.SendCloseAsync();
        Assert.Equal(unsent, (await pair.Server.Completion.Soon()).UnsentMessages);
    }
}
