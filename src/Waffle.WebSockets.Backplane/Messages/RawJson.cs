using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json.Serialization;
using System.Text.Json;
using System.Text;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets;

/// <summary>One JSON value as it stands on the wire, checked once and then written byte for byte; or no value at all.</summary>
/// <remarks>
/// <para>
/// The default value is <em>absent</em>: a message with an absent payload has no <c>payload</c> member. That differs from the JSON
/// value <c>null</c>, which is sent as <c>null</c>.
/// </para>
/// <para>A value owns its bytes and never changes, so it may be used from any number of threads at once.</para>
/// </remarks>
[JsonConverter(typeof(RawJsonConverter))]
public readonly struct RawJson : IEquatable<RawJson>
{
    private RawJson(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    /// <summary>The JSON text in UTF-8, without white space around it; empty when absent.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Whether there is no value at all, as in <c>default(RawJson)</c>.</summary>
    public bool IsAbsent => Utf8.IsEmpty;

    /// <summary>Whether the value is the JSON literal <c>null</c>; false when absent.</summary>
    public bool IsNull => Utf8.Span.SequenceEqual("null"u8);

    private ReadOnlySpan<byte> Utf8OrNull => IsAbsent ? "null"u8 : Utf8.Span;

    /// <summary>Checks a JSON text and keeps a copy of it.</summary>
    /// <param name="utf8">Exactly one JSON value in UTF-8, nested at most 31 levels deep (a message around it is the 32nd).
    /// White space around the value is dropped; inside it is kept.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentException">The text is empty, not valid UTF-8, not JSON, not one value, or nested too deep.</exception>
    public static RawJson Parse(ReadOnlyMemory<byte> utf8) => RawJsonReader.Parse(utf8.Span, nameof(utf8));

    /// <summary>Checks a JSON text and keeps it as UTF-8.</summary>
    /// <param name="json">Exactly one JSON value, nested at most 31 levels deep (a message around it is the 32nd).
    /// White space around the value is dropped; inside it is kept.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="ArgumentException">The text is empty, not JSON, not one value, nested too deep, or holds half a surrogate
    /// pair.</exception>
    public static RawJson Parse([StringSyntax(StringSyntaxAttribute.Json)] string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return RawJsonReader.Parse(StrictUtf8.GetBytes(json, nameof(json)), nameof(json));
    }

    /// <summary>Serializes a value.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="value">The value; null becomes the JSON literal <c>null</c>, an undefined <see cref="JsonElement"/> becomes an
    /// absent value.</param>
    /// <param name="options">How to serialize; the default is the web defaults with the relaxed encoder, so <c>é</c> and <c>&lt;</c>
    /// stay as they are. Options that are not read-only yet become so, as with the serializer itself.</param>
    /// <returns>The JSON of the value.</returns>
    /// <exception cref="NotSupportedException">The type, or the type of a member, cannot be serialized with these options.</exception>
    /// <exception cref="JsonException">The value refers to itself or is nested too deep.</exception>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static RawJson From<T>(T value, JsonSerializerOptions? options = null) =>
        From(value, MessageJsonDefaults.GetTypeInfo<T>(options));

    /// <summary>Serializes a value with the metadata of its type, for use without reflection.</summary>
    /// <inheritdoc cref="From{T}(T, JsonSerializerOptions?)"/>
    /// <param name="value">The value.</param>
    /// <param name="typeInfo">How to serialize, usually from a source-generated context.</param>
    /// <exception cref="ArgumentNullException"><paramref name="typeInfo"/> is null.</exception>
    public static RawJson From<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        var output = new ArrayBufferWriter<byte>();
        return MessageJson.TryWriteValue(output, value, typeInfo, out var range)
            ? new RawJson(output.WrittenSpan[range].ToArray())
            : default;
    }

    /// <summary>Deserializes the value; an absent one is read as if it were <c>null</c>.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="options">How to deserialize; the default is the web defaults, which ignore the case of names.</param>
    /// <returns>The value; null for <c>null</c> and for an absent value, when <typeparamref name="T"/> can be null.</returns>
    /// <exception cref="JsonException">The JSON is not a <typeparamref name="T"/>.</exception>
    /// <exception cref="NotSupportedException">The type cannot be deserialized with these options.</exception>
    public T? As<T>(JsonSerializerOptions? options = null) => As(MessageJsonDefaults.GetTypeInfo<T>(options));

    /// <summary>Deserializes the value with the metadata of its type, for use without reflection; an absent one is read as if it were
    /// <c>null</c>.</summary>
    /// <inheritdoc cref="As{T}(JsonSerializerOptions?)"/>
    /// <param name="typeInfo">How to deserialize, usually from a source-generated context.</param>
    /// <exception cref="ArgumentNullException"><paramref name="typeInfo"/> is null.</exception>
    public T? As<T>(JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return JsonSerializer.Deserialize(Utf8OrNull, typeInfo);
    }

    /// <summary>Gives the value as a <see cref="JsonElement"/> that does not depend on this instance.</summary>
    /// <returns>The element; one of kind <see cref="JsonValueKind.Undefined"/> when absent.</returns>
    public JsonElement AsElement() => IsAbsent ? default : JsonElement.Parse(Utf8.Span);

    /// <summary>Gives the JSON text; an empty string when absent.</summary>
    /// <returns>The JSON text.</returns>
    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>Compares the bytes: <c>1</c> and <c>1.0</c> differ, as do absent and <c>null</c>.</summary>
    /// <param name="other">The value to compare with.</param>
    /// <returns>Whether both are the same text.</returns>
    public bool Equals(RawJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is RawJson other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    /// <summary>Compares the bytes, as <see cref="Equals(RawJson)"/> does.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns>Whether both are the same text.</returns>
    public static bool operator ==(RawJson left, RawJson right) => left.Equals(right);

    /// <summary>Compares the bytes, as <see cref="Equals(RawJson)"/> does.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other value.</param>
    /// <returns>Whether the texts differ.</returns>
    public static bool operator !=(RawJson left, RawJson right) => !left.Equals(right);

    /// <summary>Takes over bytes that have been checked already and that nobody will change.</summary>
    internal static RawJson FromChecked(ReadOnlyMemory<byte> utf8) => new(utf8);
}
