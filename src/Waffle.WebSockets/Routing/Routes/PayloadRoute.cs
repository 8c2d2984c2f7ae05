namespace Waffle.WebSockets.Routing;

/// <summary>Hands on the payload, read straight from the received bytes.</summary>
internal sealed class PayloadRoute<T>(Func<HubClient, T, CancellationToken, Task> handler) : Route
{
    private readonly RoutePayload<T> _payload = new();

    public override Task InvokeAsync(HubClient client, in InboundMessage message, CancellationToken cancellationToken) =>
        handler(client, _payload.Read(client, message), cancellationToken);
}
