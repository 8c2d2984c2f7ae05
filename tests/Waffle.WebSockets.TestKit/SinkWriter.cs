using System.IO.Pipelines;

namespace Waffle.WebSockets.TestKit;

/// <summary>An output that takes everything at once, keeps nothing and allocates nothing.</summary>
public sealed class SinkWriter : PipeWriter
{
    // What is written is never read, so all sinks can share where it goes.
    private static readonly byte[] _buffer = new byte[64 * 1024];

    public long Bytes { get; private set; }

    public override void Advance(int bytes) => Bytes += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;
}
