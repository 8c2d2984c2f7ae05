using System.Buffers;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.Hubs;

/// <summary>Sends one frame to all members of one or several groups, in two phases.</summary>
/// <remarks>
/// Under the groups' locks the frame is linked into each member's queue: no I/O, no callback, no allocation per member. After them those that were
/// idle are written, those whose queue overflowed are closed, and full queues are counted.
/// </remarks>
internal static class FanOut
{
    // A thread does not keep the place for a crowd.
    private const int MaxKeptPlaces = 4096;

    // Who has been sent to, where a member may be met twice; kept from one broadcast to the next.
    [ThreadStatic]
    private static HashSet<HubClient>? _reached;

    private readonly record struct Unsettled(WebSocketConnection Connection, EnqueueOutcome Outcome);

    /// <summary>The caller keeps its reference to the frame.</summary>
    public static BroadcastResult Send(in MemberGroups groups, OutboundFrame frame, in SendOptions options)
    {
        if (groups.Length == 0)
        {
            return default;
        }

        var forms = new FrameForms(groups, frame, options.Compress);
        try
        {
            return Send(groups, forms, options);
        }
        finally
        {
            forms.Release();
        }
    }

    private static BroadcastResult Send(in MemberGroups groups, in FrameForms forms, in SendOptions options)
    {
        Unsettled[] unsettled = [];
        var count = 0;
        try
        {
            return Link(groups, forms, options, ref unsettled, ref count);
        }
        finally
        {
            // Also where memory has run out amid the members: those before have the frame, and nobody else would write it.
            Settle(unsettled, count);
        }
    }

    private static void Settle(Unsettled[] unsettled, int count)
    {
        foreach (var (connection, outcome) in unsettled.AsSpan(0, count))
        {
            try
            {
                connection.Settle(outcome);
            }
            catch (Exception)
            {
                // No memory even for its Close. All others are still to be written.
                Abort(connection);
            }
        }

        unsettled.AsSpan(0, count).Clear();
        ArrayPool<Unsettled>.Shared.Return(unsettled);
    }

    private static void Abort(WebSocketConnection connection)
    {
        try
        {
            connection.Abort();
        }
        catch (Exception)
        {
            // Not even for that: the read loop or a deadline will find its end.
        }
    }

    private static BroadcastResult Link(
        in MemberGroups groups, in FrameForms forms, in SendOptions options, ref Unsettled[] unsettled, ref int count)
    {
        var (queued, dropped, closed) = (0, 0, 0);
        var reached = groups.Length > 1 ? _reached ??= new HashSet<HubClient>() : null;
        groups.Lock();
        try
        {
            unsettled = ArrayPool<Unsettled>.Shared.Rent(CountPlaces(groups));
            for (var i = 0; i < groups.Length; i++)
            {
                foreach (var member in groups[i].Members)
                {
                    if (member.Client == options.Except || reached?.Add(member.Client) == false)
                    {
                        continue;
                    }

                    var connection = member.Client.Connection;
                    var frame = forms.For(connection.Compression, out var isFinished);
                    var outcome = connection.Queue.Enqueue(frame, GetPolicy(connection, options), options.Key, isFinished);
                    switch (outcome)
                    {
                        case EnqueueOutcome.QueuedAndIdle or EnqueueOutcome.QueuedForOldest:
                            unsettled[count++] = new Unsettled(connection, outcome);
                            queued++;
                            break;
                        case EnqueueOutcome.Queued:
                            queued++;
                            break;
                        case EnqueueOutcome.Overflowed or EnqueueOutcome.Dropped:
                            unsettled[count++] = new Unsettled(connection, outcome);
                            dropped++;
                            break;
                        default:
                            closed++;
                            break;
                    }
                }
            }
        }
        finally
        {
            groups.Unlock();
            Forget(reached);
        }

        return new BroadcastResult(queued, dropped, closed);
    }

    private static void Forget(HashSet<HubClient>? reached)
    {
        if (reached?.Count > MaxKeptPlaces)
        {
            _reached = null;
        }

        reached?.Clear();
    }

    private static int CountPlaces(in MemberGroups groups)
    {
        var places = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            places += groups[i].Members.Length;
        }

        return places;
    }

    // A broadcast never waits.
    private static QueueFullPolicy GetPolicy(WebSocketConnection connection, in SendOptions options)
    {
        var policy = options.WhenQueueFull ?? connection.Settings.WhenQueueFull;
        return policy == QueueFullPolicy.Wait ? QueueFullPolicy.DropNewest : policy;
    }
}
