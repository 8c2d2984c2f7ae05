using System.Collections.Concurrent;

namespace Waffle.WebSockets.Backplane;

/// <summary>What comes through the backplane: read with care, its numbers looked at, and handed to whom it concerns.</summary>
internal sealed class Intake(Guid self, Subscriptions subscriptions, ServerDirectory servers, IIntakeOwner owner, BackplaneMetrics metrics)
{
    private readonly ConcurrentDictionary<Guid, RecentNumbers> _severalRooms = new();

    public void Take(string channel, ReadOnlySpan<byte> bytes)
    {
        var isWhole = EnvelopeChecksum.TryStrip(bytes, out var envelope);
        var reader = new EnvelopeReader(envelope);
        if (!isWhole || !EnvelopeHeader.TryRead(ref reader, out var header) || !TryTake(channel, header, ref reader))
        {
            metrics.Ignored(IgnoredReason.Garbage);
            owner.OnGarbage();
        }
    }

    /// <summary>Forgets what was counted of a server that is gone.</summary>
    public void Forget(Guid server)
    {
        _severalRooms.TryRemove(server, out _);
        subscriptions.Forget(server);
    }

    // False: it is none that a server publishes.
    private bool TryTake(string channel, in EnvelopeHeader header, ref EnvelopeReader reader)
    {
        if (header.Server == self)
        {
            return TryTakeOwn(header, ref reader);
        }

        if (header.Sequence > 0)
        {
            return header.Kind is EnvelopeKind.Message or EnvelopeKind.Disconnect or EnvelopeKind.Marker && TryTakeNumbered(channel, header, ref reader);
        }

        switch (header.Kind)
        {
            case EnvelopeKind.Heartbeat when Heartbeat.TryRead(ref reader, out var heartbeat):
                owner.OnHeartbeat(header.Server, heartbeat);
                return true;
            case EnvelopeKind.Question when ClusterQuestion.TryRead(ref reader, out var question):
                owner.OnQuestion(header.Server, question);
                return true;
            case EnvelopeKind.Answer when ClusterAnswer.TryRead(ref reader, out var answer):
                owner.OnAnswer(header.Server, answer);
                return true;
            case EnvelopeKind.Farewell when reader.IsAtEnd:
                owner.OnFarewell(header.Server);
                return true;
            case EnvelopeKind.Marker when reader.IsAtEnd:
                owner.OnServerLost(header.Server);
                return true;
            default:
                return false;
        }
    }

    private bool TryTakeOwn(in EnvelopeHeader header, ref EnvelopeReader reader)
    {
        if (header.Kind == EnvelopeKind.Heartbeat && Heartbeat.TryRead(ref reader, out var heartbeat))
        {
            owner.OnEcho(heartbeat);
        }
        else
        {
            metrics.Ignored(IgnoredReason.Echo);
        }

        return true;
    }

    private bool TryTakeNumbered(string channel, in EnvelopeHeader header, ref EnvelopeReader reader)
    {
        var attributes = default(MessageAttributes);
        var order = default(DisconnectOrder);
        var isGood = header.Kind switch
        {
            EnvelopeKind.Message => MessageAttributes.TryRead(ref reader, out attributes) && IsGood(attributes, reader),
            EnvelopeKind.Disconnect => DisconnectOrder.TryRead(ref reader, out order),
            _ => reader.IsAtEnd,
        };
        if (!isGood)
        {
            return false;
        }

        if (subscriptions.Find(channel) is not { } subscription)
        {
            metrics.Ignored(IgnoredReason.Late);
            return true;
        }

        // Also where a driver hands over two at once: what has the later number must not be delivered first.
        lock (subscription.Delivery)
        {
            Deliver(subscription, header, attributes, order, reader.ReadRest());
        }

        return true;
    }

    private static bool IsGood(in MessageAttributes attributes, EnvelopeReader reader) =>
        attributes.Kind == MessageKind.Binary || System.Text.Unicode.Utf8.IsValid(reader.ReadRest());

    private void Deliver(
        Subscription subscription, in EnvelopeHeader header, in MessageAttributes attributes, in DisconnectOrder order, ReadOnlySpan<byte> message)
    {
        if (!IsNew(subscription, header, out var missing))
        {
            metrics.Ignored(IgnoredReason.Duplicate);
            return;
        }

        if (missing > 0)
        {
            owner.OnHole(subscription.Scope, header.Server, missing);
        }

        if (header.Kind == EnvelopeKind.Disconnect)
        {
            owner.OnDisconnect(subscription.Scope, order);
        }
        else if (header.Kind == EnvelopeKind.Message && IsFirstOfSeveral(subscription, header.Server, attributes.Rooms))
        {
            metrics.Received();
            owner.OnMessage(subscription.Scope, attributes, message);
        }
    }

    private bool IsNew(Subscription subscription, in EnvelopeHeader header, out long missing)
    {
        var server = servers.Note(header.Server);
        var isNewer = server.BeganAt is { } began && subscription.ConfirmedAt is not 0 and var confirmed && began > confirmed;
        lock (subscription.Received)
        {
            if (header.Kind != EnvelopeKind.Marker)
            {
                return subscription.Received.TryAdvance(header, isNewer, out missing);
            }

            missing = subscription.Received.Mark(header, isNewer);
            return missing > 0;
        }
    }

    // A message to several rooms comes in each of them.
    private bool IsFirstOfSeveral(Subscription subscription, Guid server, SeveralRooms? rooms)
    {
        if (rooms is null)
        {
            return true;
        }

        bool? isFirst;
        var numbers = _severalRooms.GetOrAdd(server, static _ => new RecentNumbers());
        lock (numbers)
        {
            isFirst = numbers.TryAdd(rooms.Number);
        }

        if (isFirst is null)
        {
            // It comes so late that nobody knows whether another room's was delivered.
            owner.OnHole(subscription.Scope, server, missing: 1);
        }

        return isFirst == true;
    }
}
