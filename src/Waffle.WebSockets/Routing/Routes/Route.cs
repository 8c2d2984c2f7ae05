namespace Waffle.WebSockets.Routing;

/// <summary>What is done with the messages of one type.</summary>
internal abstract class Route
{
    /// <summary>How many of one client's messages may be handled at once.</summary>
    public int MaxConcurrency { get; init; } = 1;

    /// <summary>Whether it asks the hub for services.</summary>
    public virtual bool NeedsServices => false;

    public abstract Task InvokeAsync(HubClient client, in InboundMessage message, CancellationToken cancellationToken);
}
