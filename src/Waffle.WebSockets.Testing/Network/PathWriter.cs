using System.IO.Pipelines;

namespace Waffle.WebSockets.Testing.Network;

/// <summary>The sender's end of a path: tells it of each flush before the bytes are on their way.</summary>
internal sealed class PathWriter(PipeWriter pipe, Action<long> leave) : PipeWriter
{
    private long _unflushed;
    private bool _isCompleted;

    public override void Advance(int bytes)
    {
        pipe.Advance(bytes);
        _unflushed += bytes;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => pipe.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => pipe.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Leave();
        return pipe.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => pipe.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        if (_isCompleted)
        {
            return;
        }

        // What was not flushed goes out with the end, which is one more byte for the path.
        _isCompleted = true;
        _unflushed++;
        Leave();
        pipe.Complete(exception);
    }

    private void Leave()
    {
        if (_unflushed > 0)
        {
            leave(_unflushed);
            _unflushed = 0;
        }
    }
}
