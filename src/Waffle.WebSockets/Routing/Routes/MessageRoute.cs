namespace Waffle.WebSockets.Routing;

/// <summary>Hands on the message as it is.</summary>
internal sealed class MessageRoute(Func<HubClient, TypedMessage, CancellationToken, Task> handler) : Route
{
    public override Task InvokeAsync(HubClient client, in InboundMessage message, CancellationToken cancellationToken) =>
        handler(client, TypedMessage.FromEnvelope(message.ReadEnvelope(), message.Utf8Json.Span, client.Hub.Json), cancellationToken);
}
