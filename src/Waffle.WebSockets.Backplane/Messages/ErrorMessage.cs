using System.Buffers;
using System.Text.Json;

namespace Waffle.WebSockets.Messages;

/// <summary>The one shape of an error: <c>{"type":"error","payload":{"code":…,"message":…},"id":…}</c>.</summary>
internal static class ErrorMessage
{
    public const string Type = "error";

    public static TypedMessage Create(string code, string message, string? id)
    {
        var payload = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(payload, new JsonWriterOptions { Encoder = MessageJsonDefaults.Encoder });
        writer.WriteStartObject();
        writer.WriteString("code"u8, code);
        writer.WriteString("message"u8, message);
        writer.WriteEndObject();
        writer.Flush();
        return new TypedMessage(Type, RawJson.FromChecked(payload.WrittenMemory), id);
    }
}
