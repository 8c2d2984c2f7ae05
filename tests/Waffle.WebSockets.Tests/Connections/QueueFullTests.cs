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

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task C59_a_frame_of_which_a_byte_has_left_is_never_touched(int capacity)
    {
        await using var pair = await StallAsync(o => o.SendQueueMaxBytes = 500_000, capacity);
        await pair.Client.NextAsync();
        var numbers = new List<int>();
        var queued = 0;
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(
                SendStatus.Queued,
                await SendAsync(pair.Server, ConnectionTestExtensions.Numbered(i, 200_000), QueueFullPolicy.DropOldest));
            queued++;
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

        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(39, numbers[^1]);
        Assert.Equal(queued, numbers.Count + (await pair.Server.Completion.Soon()).UnsentMessages);

        async Task<bool> ReadOneAsync()
        {
            var frame = await pair.Client.NextAsync();
            if (frame.Opcode == RawFrame.CloseOpcode)
            {
                return false;
            }

            var number = ConnectionTestExtensions.NumberOf(frame.Payload);
            Assert.Equal(ConnectionTestExtensions.Numbered(number, 200_000), frame.Payload);
            numbers.Add(number);
            return true;
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

    private static async Task CloseAsync(ConnectionPair pair, int unsent)
    {
        _ = pair.Server.CloseAsync();
        await pair.Client.ExpectCloseAsync(CloseCode.NormalClosure);
        await pair.Client.SendCloseAsync();
        Assert.Equal(unsent, (await pair.Server.Completion.Soon()).UnsentMessages);
    }
}
