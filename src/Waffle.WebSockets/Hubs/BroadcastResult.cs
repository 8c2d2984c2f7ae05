namespace Waffle.WebSockets;

/// <summary>
/// What became of a broadcast to the members on this server, at the time of the call: <see cref="Targeted"/> is the sum of the other counts.
/// </summary>
/// <param name="Queued">Members whose queue accepted the message.</param>
/// <param name="Dropped">Members whose queue was full, so that they don't get it.</param>
/// <param name="Closed">Members whose connection was closing or closed.</param>
/// <param name="Published">What became of its way to the other servers, through the backplane.</param>
public readonly record struct BroadcastResult(int Queued, int Dropped, int Closed, PublishStatus Published = PublishStatus.None)
{
    /// <summary>How many members there were, without the excepted one.</summary>
    public int Targeted => Queued + Dropped + Closed;
}
