namespace Waffle.WebSockets.Backplane;

/// <summary>Publishes what is for members.</summary>
internal sealed class Publications(Outbox outbox, BackplaneMetrics metrics, BackplaneEvents events)
{
    /// <summary>Takes a message to be published to one scope or to several rooms, without waiting. Takes over a reference for each.</summary>
    public PublishOutcome Publish(IReadOnlyList<ChannelScope> scopes, MessageAttributes attributes, IPublishedBytes message)
    {
        if (scopes.Count > 1)
        {
            attributes = attributes with { Rooms = new SeveralRooms(outbox.NextSeveral(), [.. scopes.Select(static scope => scope.Name)]) };
        }

        var outcome = default(PublishOutcome);
        foreach (var scope in scopes)
        {
            outcome = outcome.With(outbox.Add(scope, EnvelopeKind.Message, attributes, message));
        }

        return outcome;
    }

    /// <summary>Takes a message to be published, without waiting. Takes over the reference to it.</summary>
    public PublishOutcome Publish(ChannelScope scope, in MessageAttributes attributes, IPublishedBytes message) =>
        default(PublishOutcome).With(outbox.Add(scope, EnvelopeKind.Message, attributes, message));

    /// <summary>Orders all servers to disconnect members.</summary>
    public PublishOutcome PublishDisconnect(IReadOnlyList<ChannelScope> scopes, in DisconnectOrder order)
    {
        var content = PublishedArray.Encode(order.Write);
        var outcome = default(PublishOutcome);
        foreach (var scope in scopes)
        {
            outcome = outcome.With(outbox.Add(scope, EnvelopeKind.Disconnect, null, content));
        }

        return outcome;
    }

    /// <summary>Counts and logs what became of publications. Called where no lock is held: it calls what listens to metrics and logs.</summary>
    public PublishStatus Count(in PublishOutcome outcome)
    {
        if (outcome.Accepted > 0)
        {
            metrics.Published(outcome.Accepted);
        }

        if (outcome.Refused > 0)
        {
            metrics.Refused(outcome.Refusal, outcome.Refused);
            events.Refused(outcome.Refusal);
        }

        return outcome.Status;
    }
}
