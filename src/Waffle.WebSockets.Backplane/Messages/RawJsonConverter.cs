using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Waffle.WebSockets.Messages;

/// <summary>Reads and writes a <see cref="RawJson"/> inside another value byte for byte; an absent one is written as <c>null</c>.</summary>
internal sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override bool HandleNull => true;

    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var utf8 = JsonMarshal.GetRawUtf8Value(JsonElement.ParseValue(ref reader));
        // The JSON reader looks at the bytes of a string only when it is decoded.
        return Utf8.IsValid(utf8) ? RawJson.FromChecked(utf8.ToArray()) : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options)
    {
        if (value.IsAbsent)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
