using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets;

/// <summary>A structured message: a type, an optional payload that stays raw JSON until somebody asks for it, and an optional id that
/// pairs a reply with its request.</summary>
/// <remarks>
/// <para>
/// On the wire it is <c>{"type":"chat","payload":{"text":"hello"},"id":"7"}</c>, always in this order and without white space between
/// the members; <c>payload</c> and <c>id</c> are left out when absent.
/// </para>
/// <para>Instances never change and may be used from any number of threads at once.</para>
/// </remarks>
/// <example>
/// <code>
/// public sealed record ChatMessage(string Room, string Text);
///
/// var message = TypedMessage.Create("chat", new ChatMessage("general", "hello"), id: "7");
/// byte[] json = message.ToUtf8Json();      // {"type":"chat","payload":{"room":"general","text":"hello"},"id":"7"}
///
/// var received = TypedMessage.Parse(json);
/// if (received.Type == "chat")
/// {
///     ChatMessage? chat = received.GetPayload&lt;ChatMessage&gt;();
/// }
/// </code>
/// </example>
public sealed class TypedMessage
{
    /// <summary>Creates a message with a payload that is JSON already, or with none.</summary>
    /// <param name="type">What kind of message it is: 1 to 128 bytes of UTF-8.</param>
    /// <param name="payload">The payload, sent byte for byte as it is; by default absent.</param>
    /// <param name="id">The id, at most 128 bytes of UTF-8; null for none. An empty string is an id.</param>
    /// <exception cref="ArgumentNullException"><paramref name="type"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="type"/> is empty; or it or <paramref name="id"/> is too long or holds half a
    /// surrogate pair.</exception>
    public TypedMessage(string type, RawJson payload = default, string? id = null)
    {
        EnvelopeFormat.CheckName(type, nameof(type));
        EnvelopeFormat.CheckId(id, nameof(id));
        Type = type;
        Payload = payload;
        Id = id;
    }

    /// <summary>What kind of message it is; never empty.</summary>
    public string Type { get; }

    /// <summary>The payload as it stands on the wire; absent when the message has none.</summary>
    public RawJson Payload { get; }

    /// <summary>The id; null when the message has none.</summary>
    public string? Id { get; }

    /// <summary>How to read the payload when the caller of <see cref="GetPayload{T}(JsonSerializerOptions?)"/> does not say.</summary>
    internal JsonSerializerOptions? PayloadOptions { get; init; }

    /// <summary>Creates a message without a payload. To give it an id, use the constructor.</summary>
    /// <param name="type">What kind of message it is: 1 to 128 bytes of UTF-8.</param>
    /// <returns>The message.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="type"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="type"/> is empty, too long or holds half a surrogate pair.</exception>
    public static TypedMessage Create(string type) => new(type);

    /// <summary>Creates a message and serializes its payload.</summary>
    /// <typeparam name="T">The type of the payload.</typeparam>
    /// <param name="type">What kind of message it is: 1 to 128 bytes of UTF-8.</param>
    /// <param name="payload">The payload; null is sent as <c>null</c>. An absent <see cref="RawJson"/> or an undefined
    /// <see cref="JsonElement"/> makes a message without payload.</param>
    /// <param name="id">The id, at most 128 bytes of UTF-8; null for none.</param>
    /// <param name="typeInfo">How to serialize the payload, usually from a source-generated context; by default the web defaults of
    /// System.Text.Json with the relaxed encoder, by reflection.</param>
    /// <returns>The message.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="type"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="type"/> is empty; or it or <paramref name="id"/> is too long or holds half a
    /// surrogate pair; or a number in the payload is not finite.</exception>
    /// <exception cref="NotSupportedException">The payload cannot be serialized, or <paramref name="typeInfo"/> is null where reflection
    /// is disabled.</exception>
    /// <exception cref="JsonException">The payload refers to itself or is nested too deep.</exception>
    public static TypedMessage Create<T>(string type, T payload, string? id = null, JsonTypeInfo<T>? typeInfo = null) =>
        new(type, RawJson.From(payload, typeInfo ?? MessageJsonDefaults.GetTypeInfo<T>(options: null)), id);

    /// <summary>Reads a message from its wire form.</summary>
    /// <param name="utf8Json">One JSON object in UTF-8, nested at most 32 levels deep, with a <c>type</c>. Members other than
    /// <c>type</c>, <c>payload</c> and <c>id</c> are ignored; names are matched exactly. The bytes are not kept.</param>
    /// <returns>The message.</returns>
    /// <exception cref="MessageFormatException">It is not such an object.</exception>
    public static TypedMessage Parse(ReadOnlyMemory<byte> utf8Json)
    {
        var envelope = MessageEnvelopeReader.ReadMessage(utf8Json.Span);
        envelope.ThrowIfProblem();
        return FromEnvelope(envelope, utf8Json.Span);
    }

    /// <summary>Deserializes the payload; an absent one is read as if it were <c>null</c>.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="options">How to deserialize; by default the web defaults of System.Text.Json (or, for a message that a router
    /// hands to its handler, the router's options).</param>
    /// <returns>The payload; null for <c>null</c> and for an absent payload, when <typeparamref name="T"/> can be null.</returns>
    /// <exception cref="MessageFormatException">The payload is not a <typeparamref name="T"/>; also for <c>null</c> and an absent
    /// payload when <typeparamref name="T"/> is a value type that cannot be null.</exception>
    /// <exception cref="NotSupportedException">The type cannot be deserialized with these options.</exception>
    public T? GetPayload<T>(JsonSerializerOptions? options = null) =>
        GetPayload(MessageJsonDefaults.GetTypeInfo<T>(options ?? PayloadOptions));

    /// <summary>Deserializes the payload with the metadata of its type, for use without reflection; an absent one is read as if it were
    /// <c>null</c>.</summary>
    /// <inheritdoc cref="GetPayload{T}(JsonSerializerOptions?)"/>
    /// <param name="typeInfo">How to deserialize, usually from a source-generated context.</param>
    /// <exception cref="ArgumentNullException"><paramref name="typeInfo"/> is null.</exception>
    public T? GetPayload<T>(JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return PayloadReader.Read(Payload.Utf8.Span, typeInfo, Type, Id);
    }

    /// <summary>Gives the wire form.</summary>
    /// <returns>A new array with the JSON text in UTF-8.</returns>
    public byte[] ToUtf8Json()
    {
        var output = new ArrayBufferWriter<byte>();
        MessageJson.WriteMessage(output, Type, Payload, Id);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Copies a message out of the bytes that a good envelope was read from.</summary>
    internal static TypedMessage FromEnvelope(
        in MessageEnvelope envelope, ReadOnlySpan<byte> utf8Json, JsonSerializerOptions? payloadOptions = null) =>
        new(envelope.GetTypeText()!, envelope.CopyPayload(utf8Json), envelope.GetIdText()) { PayloadOptions = payloadOptions };
}
