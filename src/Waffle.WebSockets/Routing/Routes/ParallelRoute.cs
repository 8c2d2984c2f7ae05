namespace Waffle.WebSockets.Routing;

/// <summary>Runs another route's handler on the thread pool, so that also one that computes does not hold up its client's next message.</summary>
internal sealed class ParallelRoute(Route inner) : Route
{
    public override bool NeedsServices => inner.NeedsServices;

    public override Task InvokeAsync(HubClient client, in InboundMessage message, CancellationToken cancellationToken)
    {
        var copy = message;

        // Always run, so that one who was called off says so itself.
        return Task.Run(() => inner.InvokeAsync(client, copy, cancellationToken), CancellationToken.None);
    }
}
