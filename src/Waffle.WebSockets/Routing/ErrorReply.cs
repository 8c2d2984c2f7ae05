using System.Buffers;
using System.Text.Json;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Routing;

/// <summary>What the sender of a message that failed is told: <c>{"type":"error","payload":{"code":…,"message":…},"id":…}</c>.</summary>
internal static class ErrorReply
{
    public const string Type = "error";

    public static TypedMessage Create(string code, string text, string? id)
    {
        var payload = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(payload, new JsonWriterOptions { Encoder = MessageJsonDefaults.Encoder });
        writer.WriteStartObject();
        writer.WriteString("code"u8, code);
        writer.WriteString("message"u8, text);
        writer.WriteEndObject();
        writer.Flush();
        return new TypedMessage(Type, RawJson.FromChecked(payload.WrittenMemory), id);
    }
}
