using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Hubs;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Hubs;

public sealed class GroupWriterTests
{
    private const int PlacesWithoutNewMemory = 16;

    private readonly FakeTimeProvider _time = new();
    private readonly GroupWriter _writer = new(mostAtOnce: 0);

    [Fact]
    public async Task Those_who_cannot_wait_for_the_next_round_for_want_of_memory_are_written_to_at_once()
    {
        var waiting = Connect(PlacesWithoutNewMemory);
        var late = Connect(1);
        var atOnce = new TaskCompletionSource<(long Waiting, long Late)>();
        var first = new CallingOutput(() =>
        {
            // A round is under way: these wait for the next one, and there is no larger array for one more.
            _writer.Write(Send(waiting, new OneArray()), cost: 1);
            _writer.Write(Send(late, new OneArray()), cost: 1);
            atOnce.SetResult((waiting.Sum(static member => member.Written), late[0].Written));
        });

        _writer.Write(Send([new Member(first, _time)], new OneArray()), cost: 1);

        Assert.Equal((0, Member.FrameLength), await atOnce.Task.Soon());
        await Wait.Eventually(() => waiting.All(static member => member.Written == Member.FrameLength), "the next round is written");
    }

    [Fact]
    public async Task A_broadcaster_ahead_of_a_thread_that_is_stuck_writes_himself_to_all_whom_that_does_not_hold()
    {
        // Every second one is too far ahead.
        const int Ahead = 6;
        Member[] members = [];
        var written = new TaskCompletionSource<long[]>();
        var stuck = new CallingOutput(() =>
        {
            // Until this returns, the thread that has begun the round has half of the members in hand.
            for (var i = 0; i < Ahead; i++)
            {
                _writer.Write(Send(members, ArrayPool<WebSocketConnection>.Shared), cost: ConnectionWriter.MaxFlushLength / 2);
            }

            written.SetResult([.. members.Select(static member => member.Written)]);
        });
        members = [.. Connect(10), new Member(stuck, _time), .. Connect(9)];

        _writer.Write(Send(members, ArrayPool<WebSocketConnection>.Shared), cost: 1);

        const int All = (1 + Ahead) * Member.FrameLength;
        Assert.All((await written.Task.Soon())[..10], static bytes => Assert.Equal(All, bytes));
        await Wait.Eventually(() => members.All(static member => member.Written == All), "the thread has written to its half");
    }

    [Fact]
    public async Task A_broadcast_that_finds_everybody_being_written_to_keeps_no_array()
    {
        var arrays = new CountedArrays();
        Member[] members = [];
        var busy = new CallingOutput(() => _writer.Write(Send(members, arrays), cost: 1));
        members = [.. Connect(1), new Member(busy, _time)];

        _writer.Write(Send(members, arrays), cost: 1);

        await Wait.Eventually(() => arrays.Out == 0, "all arrays are given back");
        Assert.All(members, static member => Assert.Equal(2 * Member.FrameLength, member.Written));
    }

    private static MemberBatch Send(Member[] members, ArrayPool<WebSocketConnection> arrays)
    {
        var batch = new MemberBatch(arrays);
        batch.Reserve(members.Length);
        foreach (var member in members)
        {
            if (member.Enqueue() == EnqueueOutcome.QueuedAndIdle)
            {
                batch.Add(member.Connection);
            }
        }

        return batch;
    }

    private Member[] Connect(int count) => [.. Enumerable.Range(0, count).Select(_ => new Member(new SinkWriter(), _time))];

    private sealed class Member(PipeWriter output, TimeProvider time)
    {
        public const int FrameLength = 3;

        public long Written => output is CallingOutput calling ? calling.Sink.Bytes : ((SinkWriter)output).Bytes;

        public WebSocketConnection Connection { get; } = WebSocketConnection.Create(new DuplexPipe(new Pipe().Reader, output), null, time);

        public EnqueueOutcome Enqueue()
        {
            var frame = OutboundFrame.Rent(Opcode.Binary, [1]);
            var outcome = Connection.Queue.Enqueue(frame, QueueFullPolicy.DropNewest, key: null, isFinished: true);
            frame.Release();
            return outcome;
        }
    }

    /// <summary>An output that calls before it takes what is flushed first.</summary>
    private sealed class CallingOutput(Action call) : PipeWriter
    {
        private bool _hasCalled;

        public SinkWriter Sink { get; } = new();

        public override void Advance(int bytes) => Sink.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => Sink.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => Sink.GetSpan(sizeHint);

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            if (!_hasCalled)
            {
                _hasCalled = true;
                call();
            }

            return Sink.FlushAsync(cancellationToken);
        }
    }

    private sealed class CountedArrays : ArrayPool<WebSocketConnection>
    {
        private int _out;

        public int Out => Volatile.Read(ref _out);

        public override WebSocketConnection[] Rent(int minimumLength)
        {
            Interlocked.Increment(ref _out);
            return Shared.Rent(minimumLength);
        }

        public override void Return(WebSocketConnection[] array, bool clearArray = false)
        {
            Shared.Return(array, clearArray);
            Interlocked.Decrement(ref _out);
        }
    }

    /// <summary>Rents one array, and then there is no memory left.</summary>
    private sealed class OneArray : ArrayPool<WebSocketConnection>
    {
        private WebSocketConnection[]? _array = new WebSocketConnection[PlacesWithoutNewMemory];

        public override WebSocketConnection[] Rent(int minimumLength)
        {
            var array = _array ?? throw new OutOfMemoryException();
            _array = null;
            return array;
        }

        public override void Return(WebSocketConnection[] array, bool clearArray = false)
        {
        }
    }
}
