using Waffle.WebSockets.Connections.Timing;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>A sender that waits for room in a full queue, for a limited time. It keeps the reference to its frame.</summary>
internal sealed class SendWaiter(OutboundQueue queue, OutboundFrame frame, string? key, bool isFinished) : WheelTimer
{
    private readonly TaskCompletionSource<SendStatus> _status = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OutboundFrame Frame { get; } = frame;

    public string? Key { get; } = key;

    /// <summary>Whether the frame goes out as it is.</summary>
    public bool IsFinished { get; } = isFinished;

    /// <summary>Where it stands in the line; guarded by the queue's lock.</summary>
    public LinkedListNode<SendWaiter>? Place { get; set; }

    public Task<SendStatus> Status => _status.Task;

    public void Complete(SendStatus status) => _status.TrySetResult(status);

    /// <summary>Stops waiting because the caller's token was cancelled; without effect if the message was decided upon.</summary>
    public void Cancel(CancellationToken cancellationToken)
    {
        if (queue.GiveUp(this))
        {
            _status.TrySetCanceled(cancellationToken);
        }
    }

    public override void OnElapsed()
    {
        if (queue.GiveUp(this))
        {
            Complete(SendStatus.Dropped);
        }
    }
}
