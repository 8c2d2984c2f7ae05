using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Routing;

/// <summary>Reads the payloads of one route with the metadata that fits the hub's JSON options.</summary>
internal sealed class RoutePayload<T>
{
    private JsonTypeInfo<T>? _typeInfo;

    /// <exception cref="MessageFormatException">The payload is not a <typeparamref name="T"/>.</exception>
    public T Read(HubClient client, in InboundMessage message)
    {
        var payload = PayloadReader.Read(message.PayloadJson, GetTypeInfo(client.Hub.Json), messageType: null, messageId: null);
        return payload is null && default(T) is null && Nullable.GetUnderlyingType(typeof(T)) is null
            ? throw new MessageFormatException(MessageProblem.InvalidPayload)
            : payload!;
    }

    private JsonTypeInfo<T> GetTypeInfo(JsonSerializerOptions options)
    {
        var typeInfo = _typeInfo;
        return typeInfo?.Options == options ? typeInfo : _typeInfo = MessageJsonDefaults.GetTypeInfo<T>(options);
    }
}
