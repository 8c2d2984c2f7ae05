using System.Numerics;
using System.Runtime.CompilerServices;

namespace Waffle.WebSockets.Connections;

/// <summary>All connections of one application that have not ended or for which something is still at work, and what went through those before them.</summary>
/// <remarks>Safe to use from any thread. Each part has a lock of its own, so that nobody who comes or goes waits for one who looks at all.</remarks>
internal sealed class ConnectionRegistry
{
    private readonly Part[] _parts = CreateParts();

    /// <summary>Told, with a connection that may still be open, that the application is done with it; it is closed in good order next.</summary>
    public Action<WebSocketConnection>? Done { get; init; }

    /// <summary>How many have not ended.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var part in _parts)
            {
                count += Volatile.Read(ref part.Count);
            }

            return count;
        }
    }

    /// <summary>What has gone through all connections so far. Never less than before.</summary>
    public ConnectionTraffic Traffic
    {
        get
        {
            var sum = default(ConnectionTraffic);
            foreach (var part in _parts)
            {
                lock (part.MembersLock)
                {
                    sum += part.TrafficOfThoseGone;
                    for (var member = part.First; member is not null; member = member.Place.Next)
                    {
                        sum += member.Traffic;
                    }
                }
            }

            return sum;
        }
    }

    /// <summary>Adds a connection that begins, to stay until it has ended and was released; without effect on one that has ended already.</summary>
    public void Add(WebSocketConnection connection)
    {
        var part = PartOf(connection);
        lock (part.MembersLock)
        {
            if (connection.Place.HasEnded)
            {
                return;
            }

            part.Count++;
            connection.Place.IsHeld = true;
            Link(part, connection);
        }
    }

    /// <summary>A connection has ended: it counts no more.</summary>
    public void OnEnded(WebSocketConnection connection)
    {
        var part = PartOf(connection);
        lock (part.MembersLock)
        {
            ref var place = ref connection.Place;
            if (place.HasEnded)
            {
                return;
            }

            place.HasEnded = true;
            if (place.IsTaken)
            {
                part.Count--;
                UnlinkIfOver(part, connection);
            }
        }
    }

    /// <summary>Nothing of the application's is at work for a connection any more.</summary>
    public void Release(WebSocketConnection connection)
    {
        var part = PartOf(connection);
        lock (part.MembersLock)
        {
            connection.Place.IsHeld = false;
            UnlinkIfOver(part, connection);
        }
    }

    /// <summary>The connections now, in no particular order, as a list of the caller's own.</summary>
    /// <param name="withEnded">Also those that have ended and for which something is still at work.</param>
    public List<WebSocketConnection> Snapshot(bool withEnded = false)
    {
        var connections = new List<WebSocketConnection>(Count);
        foreach (var part in _parts)
        {
            lock (part.MembersLock)
            {
                for (var member = part.First; member is not null; member = member.Place.Next)
                {
                    if (withEnded || !member.Place.HasEnded)
                    {
                        connections.Add(member);
                    }
                }
            }
        }

        return connections;
    }

    private static void Link(Part part, WebSocketConnection connection)
    {
        ref var place = ref connection.Place;
        place.Next = part.First;
        place.IsTaken = true;
        if (part.First is not null)
        {
            part.First.Place.Previous = connection;
        }

        part.First = connection;
    }

    private static void UnlinkIfOver(Part part, WebSocketConnection connection)
    {
        ref var place = ref connection.Place;
        if (!place.IsTaken || place.IsHeld || !place.HasEnded)
        {
            return;
        }

        if (place.Previous is null)
        {
            part.First = place.Next;
        }
        else
        {
            place.Previous.Place.Next = place.Next;
        }

        if (place.Next is not null)
        {
            place.Next.Place.Previous = place.Previous;
        }

        place.Next = place.Previous = null;
        place.IsTaken = false;
        part.TrafficOfThoseGone += connection.Traffic;
    }

    private Part PartOf(WebSocketConnection connection) => _parts[RuntimeHelpers.GetHashCode(connection) & (_parts.Length - 1)];

    private static Part[] CreateParts()
    {
        var parts = new Part[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 4 * Environment.ProcessorCount))];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = new Part();
        }

        return parts;
    }

    /// <summary>A connection's place in its part's list; changed under that part's lock.</summary>
    internal struct MemberPlace
    {
        public WebSocketConnection? Next;
        public WebSocketConnection? Previous;
        public bool IsTaken;
        public bool IsHeld;
        public bool HasEnded;
    }

    private sealed class Part
    {
        public readonly Lock MembersLock = new();
        public WebSocketConnection? First;
        public int Count;
        public ConnectionTraffic TrafficOfThoseGone;
    }
}
