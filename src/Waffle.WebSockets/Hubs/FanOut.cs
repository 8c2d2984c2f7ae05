using System.Buffers;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.Hubs;

/// <summary>Sends one frame to all members of a group, in two phases.</summary>
/// <remarks>
/// Under the group's lock the frame is linked into each member's queue: no I/O, no callback, no allocation per member. After the lock those that were
/// idle are written, and those whose queue overflowed are closed.
/// </remarks>
internal static class FanOut
{
    private readonly record struct Unsettled(WebSocketConnection Connection, EnqueueOutcome Outcome);

    /// <summary>The caller keeps its reference to the frame.</summary>
    public static BroadcastResult Send(MemberGroup? group, OutboundFrame frame, in SendOptions options)
    {
        if (group is null)
        {
            return default;
        }

        var result = Link(group, frame, options, out var unsettled, out var count);
        try
        {
            foreach (var (connection, outcome) in unsettled.AsSpan(0, count))
            {
                connection.Settle(outcome);
            }
        }
        finally
        {
            unsettled.AsSpan(0, count).Clear();
            ArrayPool<Unsettled>.Shared.Return(unsettled);
        }

        return result;
    }

    private static BroadcastResult Link(
        MemberGroup group, OutboundFrame frame, in SendOptions options, out Unsettled[] unsettled, out int count)
    {
        var (queued, dropped, closed) = (0, 0, 0);
        count = 0;
        lock (group.OrderLock)
        {
            var members = group.Members;
            unsettled = ArrayPool<Unsettled>.Shared.Rent(members.Length);
            foreach (var member in members)
            {
                if (member.Client == options.Except)
                {
                    continue;
                }

                var connection = member.Client.Connection;
                var outcome = connection.Queue.Enqueue(frame, GetPolicy(connection, options), options.Key);
                switch (outcome)
                {
                    case EnqueueOutcome.QueuedAndIdle:
                        unsettled[count++] = new Unsettled(connection, outcome);
                        queued++;
                        break;
                    case EnqueueOutcome.Queued:
                        queued++;
                        break;
                    case EnqueueOutcome.Overflowed:
                        unsettled[count++] = new Unsettled(connection, outcome);
                        dropped++;
                        break;
                    case EnqueueOutcome.Dropped:
                        dropped++;
                        break;
                    default:
                        closed++;
                        break;
                }
            }
        }

        return new BroadcastResult(queued, dropped, closed);
    }

    // A broadcast never waits.
    private static QueueFullPolicy GetPolicy(WebSocketConnection connection, in SendOptions options)
    {
        var policy = options.WhenQueueFull ?? connection.Options.WhenQueueFull;
        return policy == QueueFullPolicy.Wait ? QueueFullPolicy.DropNewest : policy;
    }
}
