using System.Buffers;
using System.IO.Pipelines;

namespace Waffle.WebSockets.Tests.Connections.Inbound;

/// <summary>A stream that lets one more byte be seen with each read, and counts the reads.</summary>
internal sealed class SingleBytes(byte[] bytes) : PipeReader
{
    private int _consumed;
    private int _examined;
    private int _visible;
    private bool _isCancelled;

    /// <summary>How often it was read.</summary>
    public int Reads { get; private set; }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Assert.True(TryRead(out var result));
        return new ValueTask<ReadResult>(result);
    }

    public override bool TryRead(out ReadResult result)
    {
        Reads++;
        if (_examined == _visible)
        {
            _visible = Math.Min(_visible + 1, bytes.Length);
        }

        var isCompleted = _visible == bytes.Length;
        result = new ReadResult(new ReadOnlySequence<byte>(bytes, _consumed, _visible - _consumed), _isCancelled, isCompleted);
        _isCancelled = false;
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        (_consumed, _examined) = (consumed.GetInteger(), examined.GetInteger());

    public override void CancelPendingRead() => _isCancelled = true;

    public override void Complete(Exception? exception = null)
    {
    }
}
