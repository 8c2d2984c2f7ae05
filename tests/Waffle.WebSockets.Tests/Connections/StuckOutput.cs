using System.Buffers;
using System.IO.Pipelines;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>An output whose flushes never complete, not even when they are cancelled.</summary>
internal sealed class StuckOutput : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _written = new();

    public bool IsCompleted { get; private set; }

    public override void Advance(int bytes) => _written.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _written.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _written.GetSpan(sizeHint);

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null) => IsCompleted = true;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        new(new TaskCompletionSource<FlushResult>().Task);
}
