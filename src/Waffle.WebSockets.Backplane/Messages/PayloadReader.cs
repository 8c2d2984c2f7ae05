using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Waffle.WebSockets.Messages;

/// <summary>Deserializes the payload of a message or the data of an event.</summary>
internal static class PayloadReader
{
    /// <summary>Reads a payload straight from the bytes it came in; an empty one is absent and read as if it were <c>null</c>.</summary>
    /// <exception cref="MessageFormatException">The payload is not a <typeparamref name="T"/>.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> payload, JsonTypeInfo<T> typeInfo, string? messageType, string? messageId) =>
        ReadValue(payload.IsEmpty ? "null"u8 : payload, typeInfo, messageType, messageId);

    /// <summary>Reads a JSON value that has to be there: a message that is one bare value may not be empty.</summary>
    /// <exception cref="MessageFormatException">The text is not one JSON value, or not a <typeparamref name="T"/>.</exception>
    public static T? ReadValue<T>(
        ReadOnlySpan<byte> utf8Json, JsonTypeInfo<T> typeInfo, string? messageType = null, string? messageId = null)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8Json, typeInfo);
        }
        catch (JsonException exception)
        {
            throw new MessageFormatException(MessageProblem.InvalidPayload, messageType, messageId, exception);
        }
    }
}
