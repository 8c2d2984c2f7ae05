using System.Buffers;
using System.IO.Pipelines;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.InterleavingTests.Schedules;

namespace Waffle.WebSockets.InterleavingTests.Scenes;

/// <summary>A transport whose both directions move when the schedule says so.</summary>
internal sealed class GatedTransport(Interleaver schedule) : ConnectionTransport
{
    private readonly Pipe _input = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));

    public override PipeReader Input => _input.Reader;

    public override GatedOutput Output { get; } = new(schedule);

    /// <summary>The read loop has released the input.</summary>
    public bool IsInputCompleted { get; private set; }

    /// <summary>The peer sends; the read loop runs within this call.</summary>
    public void Deliver(ReadOnlySpan<byte> bytes)
    {
        _input.Writer.Write(bytes);
        _ = _input.Writer.FlushAsync().AsTask();
    }

    /// <summary>The peer's stream ends; the read loop runs within this call.</summary>
    public void EndInput() => _input.Writer.Complete();

    public override void Abort()
    {
        Output.Cut();
        Interleaver.Point();
        _input.Reader.CancelPendingRead();
    }

    public override ValueTask CompleteInputAsync()
    {
        Assert.False(IsInputCompleted);
        IsInputCompleted = true;
        return _input.Reader.CompleteAsync();
    }
}
