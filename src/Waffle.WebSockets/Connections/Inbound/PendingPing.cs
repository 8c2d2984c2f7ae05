namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>One ping that waits for its pong; without an answer to complete it is a heartbeat's.</summary>
internal sealed class PendingPing
{
    public PendingPing(ulong number, long sentAt, long sentAtTick, TaskCompletionSource<TimeSpan>? answer)
    {
        Number = number;
        SentAt = sentAt;
        SentAtTick = sentAtTick;
        Answer = answer;
        Place = new LinkedListNode<PendingPing>(this);
    }

    public ulong Number { get; }

    public long SentAt { get; }

    public long SentAtTick { get; }

    public TaskCompletionSource<TimeSpan>? Answer { get; }

    public LinkedListNode<PendingPing> Place { get; }
}
