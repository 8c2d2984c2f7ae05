using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Routing;

/// <summary>What is done with the messages of one type.</summary>
internal abstract class Route
{
    public abstract Task InvokeAsync(HubClient client, in InboundMessage message, CancellationToken cancellationToken);
}

/// <summary>Hands on the message as it is.</summary>
internal sealed class MessageRoute(Func<HubClient, TypedMessage, CancellationToken, Task> handler) : Route
{
    public override Task InvokeAsync(HubClient client, in InboundMessage message, CancellationToken cancellationToken) =>
        handler(client, TypedMessage.FromEnvelope(message.ReadEnvelope(), message.Utf8Json.Span, client.Hub.Json), cancellationToken);
}

/// <summary>Hands on the payload, read straight from the received bytes.</summary>
internal sealed class PayloadRoute<T>(Func<HubClient, T, CancellationToken, Task> handler) : Route
{
    private JsonTypeInfo<T>? _typeInfo;

    public override Task InvokeAsync(HubClient client, in InboundMessage message, CancellationToken cancellationToken)
    {
        var payload = PayloadReader.Read(message.PayloadJson, GetTypeInfo(client.Hub.Json), messageType: null, messageId: null);
        return payload is null && default(T) is null && Nullable.GetUnderlyingType(typeof(T)) is null
            ? throw new MessageFormatException(MessageProblem.InvalidPayload)
            : handler(client, payload!, cancellationToken);
    }

    private JsonTypeInfo<T> GetTypeInfo(JsonSerializerOptions options)
    {
        var typeInfo = _typeInfo;
        return typeInfo?.Options == options ? typeInfo : _typeInfo = MessageJsonDefaults.GetTypeInfo<T>(options);
    }
}
