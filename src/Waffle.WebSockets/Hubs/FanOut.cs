using Waffle.WebSockets.Backplane;
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
    private static HashSet<HubClient>? _seen;

    /// <summary>The caller keeps its reference to the frame.</summary>
    /// <param name="groups">Whose members.</param>
    /// <param name="frame">The message.</param>
    /// <param name="options">How to send it.</param>
    /// <param name="publication">Its way to other servers.</param>
    public static BroadcastResult Send(in MemberGroups groups, OutboundFrame frame, in SendOptions options, in Publication publication)
    {
        if (groups.Length == 0)
        {
            return new BroadcastResult(0, 0, 0, publication.Count(publication.Publish(frame, options)));
        }

        var forms = new FrameForms(groups, frame, options.Compress);
        try
        {
            return Send(groups, forms, frame, options, publication);
        }
        finally
        {
            forms.Release();
        }
    }

    /// <summary>Does what follows from a queue's decision on a broadcast. Never throws.</summary>
    public static void Settle(WebSocketConnection connection, EnqueueOutcome outcome)
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

    private static BroadcastResult Send(
        in MemberGroups groups, in FrameForms forms, OutboundFrame frame, in SendOptions options, in Publication publication)
    {
        var reached = new Reached();
        BroadcastResult result;
        PublishOutcome published;
        try
        {
            result = Link(groups, forms, options, ref reached, frame, publication, out published);
        }
        finally
        {
            // Also where memory has run out amid the members: those before have the frame, and nobody else would write it.
            reached.Settle(groups[0].Writer, frame.Cost);
        }

        return result with { Published = publication.Count(published) };
    }

    private static BroadcastResult Link(
        in MemberGroups groups,
        in FrameForms forms,
        in SendOptions options,
        ref Reached reached,
        OutboundFrame message,
        in Publication publication,
        out PublishOutcome published)
    {
        var (queued, dropped, closed) = (0, 0, 0);
        var seen = groups.Length > 1 ? _seen ??= new HashSet<HubClient>() : null;
        groups.Lock();
        try
        {
            reached.Reserve(CountPlaces(groups));
            for (var i = 0; i < groups.Length; i++)
            {
                foreach (var member in groups[i].Members)
                {
                    if (IsExcepted(member.Client, options) || seen?.Add(member.Client) == false)
                    {
                        continue;
                    }

                    var connection = member.Client.Connection;
                    var frame = forms.For(connection.Compression, out var isFinished);
                    var outcome = connection.Queue.Enqueue(frame, GetPolicy(connection, options), options.Key, isFinished);
                    reached.Add(connection, outcome);
                    switch (outcome)
                    {
                        case EnqueueOutcome.Queued or EnqueueOutcome.QueuedAndIdle or EnqueueOutcome.QueuedForOldest:
                            queued++;
                            break;
                        case EnqueueOutcome.Overflowed or EnqueueOutcome.Dropped:
                            dropped++;
                            break;
                        default:
                            closed++;
                            break;
                    }
                }
            }

            published = publication.Publish(message, options);
        }
        finally
        {
            groups.Unlock();
            Forget(seen);
        }

        return new BroadcastResult(queued, dropped, closed);
    }

    private static bool IsExcepted(HubClient client, in SendOptions options) =>
        client == options.Except || (options.ExceptConnection is { } id && client.Connection.Id == id);

    private static void Forget(HashSet<HubClient>? seen)
    {
        if (seen?.Count > MaxKeptPlaces)
        {
            _seen = null;
        }

        seen?.Clear();
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
