using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Waffle.WebSockets.Messages;

/// <summary>Writes messages and events (see <see cref="EnvelopeFormat"/>).</summary>
/// <remarks>
/// A value that cannot be serialized (a cycle, an unsupported type, NaN, a getter that throws) makes each of these methods throw what
/// the serializer throws. The output may then hold the beginning of a message: the caller discards it.
/// </remarks>
internal static class MessageJson
{
    public static void WriteMessage(IBufferWriter<byte> output, string type, RawJson payload, string? id)
    {
        EnvelopeFormat.CheckName(type, nameof(type));
        EnvelopeFormat.CheckId(id, nameof(id));
        WriteRaw(output, EnvelopeFormat.Message, type, payload, id);
    }

    public static void WriteMessage<T>(IBufferWriter<byte> output, string type, T payload, string? id, JsonTypeInfo<T> typeInfo)
    {
        EnvelopeFormat.CheckName(type, nameof(type));
        EnvelopeFormat.CheckId(id, nameof(id));
        WriteContent(output, EnvelopeFormat.Message, type, payload, id, typeInfo);
    }

    public static void WriteEvent(IBufferWriter<byte> output, string name, RawJson data)
    {
        EnvelopeFormat.CheckName(name, nameof(name));
        WriteRaw(output, EnvelopeFormat.Event, name, data, id: null);
    }

    public static void WriteEvent<T>(IBufferWriter<byte> output, string name, T data, JsonTypeInfo<T> typeInfo)
    {
        EnvelopeFormat.CheckName(name, nameof(name));
        WriteContent(output, EnvelopeFormat.Event, name, data, id: null, typeInfo);
    }

    /// <summary>Writes a value alone, as a message of its own.</summary>
    /// <exception cref="ArgumentException">It is an absent one, so there is nothing to send.</exception>
    public static void WriteValue<T>(IBufferWriter<byte> output, T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsAbsent(value))
        {
            throw new ArgumentException("The value is absent: there is nothing to send.", nameof(value));
        }

        var writer = MessageJsonWriterCache.Take(output);
        try
        {
            JsonSerializer.Serialize(writer, value, typeInfo);
            writer.Flush();
        }
        finally
        {
            MessageJsonWriterCache.Give(writer);
        }
    }

    /// <summary>Writes a value as a payload to be; false, with nothing written, if it is an absent one.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="value">The value.</param>
    /// <param name="typeInfo">How to serialize it.</param>
    /// <param name="range">Where in the output the value is.</param>
    public static bool TryWriteValue<T>(ArrayBufferWriter<byte> output, T value, JsonTypeInfo<T> typeInfo, out Range range)
    {
        range = default;
        if (IsAbsent(value))
        {
            return false;
        }

        var writer = MessageJsonWriterCache.Take(output);
        try
        {
            // Inside an array, as it will be inside a message: the limit of the depth is then the same.
            writer.WriteStartArray();
            JsonSerializer.Serialize(writer, value, typeInfo);
            writer.WriteEndArray();
            writer.Flush();
            range = 1..^1;
            return true;
        }
        finally
        {
            MessageJsonWriterCache.Give(writer);
        }
    }

    private static void WriteRaw(IBufferWriter<byte> output, EnvelopeFormat format, string name, RawJson content, string? id)
    {
        var writer = MessageJsonWriterCache.Take(output);
        try
        {
            WriteStart(writer, format, name);
            if (!content.IsAbsent)
            {
                writer.WritePropertyName(format.ContentMember);
                writer.WriteRawValue(content.Utf8.Span, skipInputValidation: true);
            }

            WriteEnd(writer, format, id);
        }
        finally
        {
            MessageJsonWriterCache.Give(writer);
        }
    }

    private static void WriteContent<T>(
        IBufferWriter<byte> output, EnvelopeFormat format, string name, T content, string? id, JsonTypeInfo<T> typeInfo)
    {
        var writer = MessageJsonWriterCache.Take(output);
        try
        {
            WriteStart(writer, format, name);
            if (!IsAbsent(content))
            {
                writer.WritePropertyName(format.ContentMember);
                JsonSerializer.Serialize(writer, content, typeInfo);
            }

            WriteEnd(writer, format, id);
        }
        finally
        {
            MessageJsonWriterCache.Give(writer);
        }
    }

    private static void WriteStart(Utf8JsonWriter writer, EnvelopeFormat format, string name)
    {
        writer.WriteStartObject();
        writer.WriteString(format.NameMember, name);
    }

    private static void WriteEnd(Utf8JsonWriter writer, EnvelopeFormat format, string? id)
    {
        if (id is not null && format.IdMember is { } idMember)
        {
            writer.WriteString(idMember, id);
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    // Neither has a JSON form: they mean that there is nothing to send. The serializer refuses the second.
    private static bool IsAbsent<T>(T value) => value is RawJson { IsAbsent: true } or JsonElement { ValueKind: JsonValueKind.Undefined };
}
