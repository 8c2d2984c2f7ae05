using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Micro.Connections;

/// <summary>A ready frame into a connection's queue, and from there into an output that takes everything at once.</summary>
public class QueueHandOver
{
    private const int Batch = 16;
    private const int MaxWaitingBytes = 1024 * 1024;

    private readonly OutboundQueue _queue = new(MaxWaitingBytes, maxMessages: 0, TimerWheel.For(new FakeTimeProvider()));
    private readonly ConnectionWriter _writer;
    private OutboundFrame? _frame;

    public QueueHandOver() => _writer = new ConnectionWriter(_queue, new PipeOutput(new SinkWriter()), new NoOwner());

    [Params(100, 4096)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup() => _frame = OutboundFrame.Rent(Opcode.Text, Payloads.CreateJson(Size));

    [GlobalCleanup]
    public void Cleanup() => _frame!.Release();

    [Benchmark]
    public void OneByOne()
    {
        Enqueue();
        _writer.Run();
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void BatchesOf16()
    {
        for (var i = 0; i < Batch; i++)
        {
            Enqueue();
        }

        _writer.Run();
    }

    private void Enqueue()
    {
        if (_queue.Enqueue(_frame!, QueueFullPolicy.Disconnect, key: null, isFinished: true) > EnqueueOutcome.QueuedAndIdle)
        {
            throw new InvalidOperationException("The queue did not take the frame.");
        }
    }

    private sealed class NoOwner : IWriterOwner
    {
        public void OnWriteStalled()
        {
        }

        public void OnWriteResumed()
        {
        }

        public void OnCloseWritten()
        {
        }

        public void OnWriteFailed(Exception? error) => throw new InvalidOperationException("The output takes everything.", error);
    }
}
