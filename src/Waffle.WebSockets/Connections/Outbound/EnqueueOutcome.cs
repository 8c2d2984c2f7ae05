namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>What the queue decided under its lock; what follows from it is done outside.</summary>
internal enum EnqueueOutcome : byte
{
    /// <summary>Accepted; somebody is writing already and will take it.</summary>
    Queued,

    /// <summary>Accepted, and nobody is writing: the caller has become the writer and must run it.</summary>
    QueuedAndIdle,

    /// <summary>Accepted in place of the oldest that waited, because the queue is full; somebody is writing already.</summary>
    QueuedForOldest,

    /// <summary>Refused, because the queue is full.</summary>
    Dropped,

    /// <summary>Refused, because the connection is closing or closed.</summary>
    Closed,

    /// <summary>Refused because the queue is full, and the queue has closed itself: the caller must end the connection.</summary>
    Overflowed,

    /// <summary>Not decided: the queue is full and the caller may wait for room.</summary>
    Full,
}
