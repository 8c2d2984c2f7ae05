using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.Hubs;

/// <summary>The way of one broadcast to other servers; by default there is none.</summary>
/// <param name="Bridge">The hub's way to the others.</param>
/// <param name="Scope">Whom it is for.</param>
/// <param name="Rooms">In place of that: several rooms.</param>
internal readonly record struct Publication(BackplaneBridge? Bridge, ChannelScope Scope, IReadOnlyList<ChannelScope>? Rooms = null)
{
    /// <summary>Hands the message over, without waiting; under the locks that order broadcasts, so that others see them in the same order.</summary>
    public PublishOutcome Publish(OutboundFrame frame, in SendOptions options) => Bridge is null
        ? default
        : Rooms is null ? Bridge.Publish(Scope, frame, options) : Bridge.Publish(Rooms, frame, options);

    /// <summary>Whom it is for, also as a list.</summary>
    public IReadOnlyList<ChannelScope> Scopes => Rooms ?? [Scope];

    /// <summary>Orders other servers to disconnect the members that they have.</summary>
    public PublishStatus PublishDisconnect(CloseCode code, string reason) =>
        Bridge is null ? PublishStatus.None : Bridge.Link.Publications.Count(Bridge.Link.Publications.PublishDisconnect(Scopes, new DisconnectOrder(code, reason)));

    /// <summary>Counts what became of it, under no lock.</summary>
    public PublishStatus Count(in PublishOutcome outcome) => Bridge?.Link.Publications.Count(outcome) ?? PublishStatus.None;
}
