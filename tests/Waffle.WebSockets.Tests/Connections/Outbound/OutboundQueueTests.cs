using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.Tests.Connections.Timing;
using Waffle.WebSockets.Tests.Protocol;

namespace Waffle.WebSockets.Tests.Connections.Outbound;

public sealed class OutboundQueueTests
{
    private static readonly TakenFrame _nothing = new(null, IsFinished: true, IsLast: false, IsMoreWaiting: false);

    private readonly OutboundQueue _queue = new(maxBytes: 10_000, maxMessages: 0, TimerWheel.For(new FakeTimeProvider()));

    [Fact]
    public void Who_finds_the_queue_idle_becomes_the_writer_until_it_is_empty()
    {
        Assert.Equal(EnqueueOutcome.QueuedAndIdle, Enqueue());
        Assert.Equal(EnqueueOutcome.Queued, Enqueue());
        Assert.NotNull(_queue.TakeNext(hasFlushedAll: true).Frame);
        Assert.NotNull(_queue.TakeNext(hasFlushedAll: false).Frame);
        Assert.Null(_queue.TakeNext(hasFlushedAll: false).Frame);
        Assert.Equal(EnqueueOutcome.Queued, Enqueue());
        Assert.NotNull(_queue.TakeNext(hasFlushedAll: true).Frame);
        Assert.Equal(_nothing, _queue.TakeNext(hasFlushedAll: true));
        Assert.Equal(EnqueueOutcome.QueuedAndIdle, Enqueue());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Frames_pass_through_without_allocating_however_many_wait(int waiting)
    {
        var frame = OutboundFrame.CreateShared(Opcode.Binary, [1]);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < waiting; i++)
            {
                _queue.Enqueue(frame, QueueFullPolicy.DropNewest, key: null);
            }

            var taken = 0;
            while (_queue.TakeNext(hasFlushedAll: true).Frame is not null)
            {
                taken++;
            }

            if (taken != waiting)
            {
                Assert.Fail("They were not all taken.");
            }
        }));
    }

    [Fact]
    public void A_writer_that_is_at_work_at_the_end_keeps_its_role()
    {
        Enqueue();
        _queue.TakeNext(hasFlushedAll: true);
        Assert.False(_queue.End(out var unsent));
        Assert.Equal(1, unsent);
        Assert.Equal(_nothing with { IsLast = true }, _queue.TakeNext(hasFlushedAll: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_flushed_counts_as_sent_whether_the_writer_comes_again_or_not(bool comesAgain)
    {
        Enqueue();
        Enqueue();
        Enqueue();
        _queue.TakeNext(hasFlushedAll: true);
        _queue.TakeNext(hasFlushedAll: false);
        if (comesAgain)
        {
            _queue.TakeNext(hasFlushedAll: true);
        }
        else
        {
            _queue.OnFlushed(isFrameUnderWay: false);
        }

        _queue.End(out var unsent);
        Assert.Equal(1, unsent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_what_was_flushed_a_message_under_way_is_not_sent_yet(bool isMessage)
    {
        Enqueue();
        if (!isMessage)
        {
            _queue.EnqueuePing(OutboundFrame.Rent(Opcode.Ping, []));
        }

        _queue.TakeNext(hasFlushedAll: true);
        _queue.OnFlushed(isFrameUnderWay: true);
        _queue.End(out var unsent);
        Assert.Equal(1, unsent);
    }

    [Fact]
    public void An_idle_queue_gives_the_writers_role_to_who_ends_it()
    {
        Assert.True(_queue.End(out _));
        Assert.Equal(EnqueueOutcome.Closed, Enqueue());
    }

    [Fact]
    public void A_Close_that_comes_after_the_end_is_not_taken()
    {
        Enqueue();
        _queue.End(out _);
        Assert.False(_queue.EnqueueClose(OutboundFrame.Rent(Opcode.Close, []), loseWaiting: false));
        Assert.False(_queue.EnqueuePong(OutboundFrame.Rent(Opcode.Pong, [])));
        Assert.Null(_queue.TakeNext(hasFlushedAll: true).Frame);
    }

    [Fact]
    public void Our_Close_comes_last_and_nothing_after_it()
    {
        Enqueue();
        _queue.EnqueueClose(OutboundFrame.Rent(Opcode.Close, []), loseWaiting: false);
        _queue.EnqueuePing(OutboundFrame.Rent(Opcode.Ping, []));

        foreach (var (opcode, isLast) in new[] { (Opcode.Ping, false), (Opcode.Binary, false), (Opcode.Close, true) })
        {
            var taken = _queue.TakeNext(hasFlushedAll: opcode == Opcode.Ping);
            Assert.Equal((opcode, isLast, !isLast), (taken.Frame?.Opcode, taken.IsLast, taken.IsMoreWaiting));
        }

        Assert.False(_queue.EnqueuePing(OutboundFrame.Rent(Opcode.Ping, [])));
        Assert.Null(_queue.TakeNext(hasFlushedAll: false).Frame);
    }

    // So it is when no memory is found to let them in behind the last message.
    [Fact]
    public async Task A_writer_does_not_stop_while_senders_wait_where_no_message_does()
    {
        var waiters = Enumerable.Range(0, 2).Select(i => new SendWaiter(_queue, OutboundFrame.Rent(Opcode.Binary, new byte[8000 + i]), null, isFinished: true)).ToArray();
        Assert.Equal(EnqueueOutcome.QueuedAndIdle, Enqueue(new byte[9000]));
        Assert.All(waiters, waiter => Assert.Equal(EnqueueOutcome.Full, _queue.Wait(waiter, TimeSpan.FromSeconds(10))));
        Messages(_queue).Take()!.Release();

        Assert.Null(_queue.TakeNext(hasFlushedAll: false).Frame);
        foreach (var waiter in waiters)
        {
            Assert.Equal(new TakenFrame(waiter.Frame, IsFinished: true, IsLast: false, waiter == waiters[0]), _queue.TakeNext(hasFlushedAll: true));
            Assert.Equal(SendStatus.Queued, await waiter.Status);
        }

        Assert.Null(_queue.TakeNext(hasFlushedAll: true).Frame);
        Assert.Equal(EnqueueOutcome.QueuedAndIdle, Enqueue());
    }

    [Fact]
    public void A_sender_that_could_not_wait_stands_in_no_line()
    {
        var time = new StubbornTime();
        var queue = new OutboundQueue(maxBytes: 1, maxMessages: 1, TimerWheel.For(time));
        var frame = OutboundFrame.Rent(Opcode.Binary, [1]);
        queue.Enqueue(frame, QueueFullPolicy.Wait, key: null);
        var waiter = new SendWaiter(queue, frame, null, isFinished: true);
        time.HasNoMemory = true;
        Assert.Throws<OutOfMemoryException>(() => queue.Wait(waiter, TimeSpan.FromSeconds(10)));

        Assert.False(queue.GiveUp(waiter));
        Assert.NotNull(queue.TakeNext(hasFlushedAll: true).Frame);
        Assert.Null(queue.TakeNext(hasFlushedAll: true).Frame);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_messages")]
    private static extern ref OutboundRing Messages(OutboundQueue queue);

    private EnqueueOutcome Enqueue() => Enqueue([1]);

    private EnqueueOutcome Enqueue(byte[] payload)
    {
        var frame = OutboundFrame.Rent(Opcode.Binary, payload);
        var outcome = _queue.Enqueue(frame, QueueFullPolicy.DropNewest, key: null);
        frame.Release();
        return outcome;
    }
}
