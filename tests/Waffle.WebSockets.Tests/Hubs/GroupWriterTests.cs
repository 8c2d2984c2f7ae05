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

    private static MemberBatch Send(Member[] members, ArrayPool<WebSocketConnection> arrays)
    {
        var batch = new MemberBatch(arrays);
        batch.Reserve(members.Length);
        foreach (var member in members)
        {
            member.Enqueue();
            batch.Add(member.Connection);
        }

        return batch;
    }

    private Member[] Connect(int count) => [.. Enumerable.Range(0, count).Select(_ => new Member(new SinkWriter(), _time))];

    private sealed class Member(PipeWriter output, TimeProvider time)
    {
        public const int FrameLength = 3;

        public long Written => ((SinkWriter)output).Bytes;

        public WebSocketConnection Connection { get; } = WebSocketConnection.Create(new DuplexPipe(new Pipe().Reader, output), null, time);

        // Whoever does so is to write it.
        public void Enqueue()
        {
            var frame = OutboundFrame.Rent(Opcode.Binary, [1]);
            Assert.Equal(EnqueueOutcome.QueuedAndIdle, Connection.Queue.Enqueue(frame, QueueFullPolicy.DropNewest, key: null, isFinished: true));
            frame.Release();
        }
    }

    /// <summary>An output that calls before it takes what is flushed.</summary>
    private sealed class CallingOutput(Action call) : PipeWriter
    {
        private readonly SinkWriter _sink = new();

        public override void Advance(int bytes) => _sink.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => _sink.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _sink.GetSpan(sizeHint);

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            call();
            return _sink.FlushAsync(cancellationToken);
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
