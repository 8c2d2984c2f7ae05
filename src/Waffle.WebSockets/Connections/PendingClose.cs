namespace Waffle.WebSockets.Connections;

/// <summary>A Close that is to go out once all messages that have come are handled, or when the time for that is over.</summary>
/// <param name="close">How to close.</param>
/// <param name="wasAtWork">Whether messages were being handled when it was asked for.</param>
internal sealed class PendingClose(CloseInfo close, bool wasAtWork)
{
    private CloseInfo _close = close;
    private volatile bool _isFinished;

    /// <summary>How to close; a later wish may replace it while it waits.</summary>
    public CloseInfo Close
    {
        get => Volatile.Read(ref _close);
        set => Volatile.Write(ref _close, value);
    }

    public bool WasAtWork => wasAtWork;

    /// <summary>Whether the messages were handled to their end in time.</summary>
    public bool IsFinished
    {
        get => _isFinished;
        set => _isFinished = value;
    }
}
