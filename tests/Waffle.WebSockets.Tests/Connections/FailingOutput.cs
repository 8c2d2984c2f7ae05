using System.Buffers;
using System.IO.Pipelines;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>An output whose flushes fail, at once or a moment later, as those to a socket do that its peer has reset.</summary>
internal sealed class FailingOutput(bool isLate) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _written = new();

    public IOException Error { get; } = new("reset");

    public override void Advance(int bytes) => _written.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _written.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _written.GetSpan(sizeHint);

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (isLate)
        {
            await Task.Yield();
        }

        throw Error;
    }
}
