namespace Waffle.WebSockets.Connections;

/// <summary>A Close that is to go out once all messages that have come are handled, or when the time for that is over.</summary>
internal sealed class PendingClose(CloseInfo close)
{
    private volatile bool _isFinished;

    public CloseInfo Close => close;

    /// <summary>Whether messages were being handled when it was asked for.</summary>
    public bool WasAtWork { get; set; }

    /// <summary>Whether those were handled to their end in time.</summary>
    public bool IsFinished
    {
        get => _isFinished;
        set => _isFinished = value;
    }
}
