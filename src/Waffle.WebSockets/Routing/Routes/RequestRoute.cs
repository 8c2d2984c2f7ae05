namespace Waffle.WebSockets.Routing;

/// <summary>Hands on the payload, and sends back what the handler returns under the request's type and id.</summary>
internal sealed class RequestRoute<TRequest, TReply>(string type, Func<HubClient, TRequest, CancellationToken, Task<TReply>> handler) : Route
{
    private readonly RoutePayload<TRequest> _payload = new();

    public override Task InvokeAsync(HubClient client, in InboundMessage message, CancellationToken cancellationToken) =>
        ReplyAsync(client, _payload.Read(client, message), message.ReadEnvelope().GetIdText(), cancellationToken);

    private async Task ReplyAsync(HubClient client, TRequest request, string? id, CancellationToken cancellationToken)
    {
        var reply = await handler(client, request, cancellationToken);
        await client.SendReplyAsync(type, reply, id, cancellationToken);
    }
}
