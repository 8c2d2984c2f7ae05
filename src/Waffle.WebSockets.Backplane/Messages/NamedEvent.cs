using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets;

/// <summary>Something that has happened: a name, and optional data that stays raw JSON until somebody asks for it.</summary>
/// <remarks>
/// <para>
/// On the wire it is <c>{"name":"user_joined","data":{"user":"alice"}}</c>, always in this order and without white space between the
/// members; <c>data</c> is left out when absent. Unlike a <see cref="TypedMessage"/> it has no <c>type</c>: that is how a receiver
/// tells them apart.
/// </para>
/// <para>Instances never change and may be used from any number of threads at once.</para>
/// </remarks>
/// <example>
/// <code>
/// var joined = NamedEvent.Create("user_joined", new { user = "alice" });
/// byte[] json = joined.ToUtf8Json();      // {"name":"user_joined","data":{"user":"alice"}}
///
/// var received = NamedEvent.Parse(json);
/// if (received.Name == "user_joined")
/// {
///     Dictionary&lt;string, string&gt;? data = received.GetData&lt;Dictionary&lt;string, string&gt;>();
/// }
/// </code>
/// </example>
public sealed class NamedEvent
{
    /// <summary>Creates an event with data that is JSON already, or with none.</summary>
    /// <param name="name">What has happened: 1 to 128 bytes of UTF-8.</param>
    /// <param name="data">The data, sent byte for byte as it is; by default absent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, too long or holds half a surrogate pair.</exception>
    public NamedEvent(string name, RawJson data = default)
    {
        EnvelopeFormat.CheckName(name, nameof(name));
        Name = name;
        Data = data;
    }

    /// <summary>What has happened; never empty.</summary>
    public string Name { get; }

    /// <summary>The data as it stands on the wire; absent when the event has none.</summary>
    public RawJson Data { get; }

    /// <summary>Creates an event without data.</summary>
    /// <param name="name">What has happened: 1 to 128 bytes of UTF-8.</param>
    /// <returns>The event.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, too long or holds half a surrogate pair.</exception>
    public static NamedEvent Create(string name) => new(name);

    /// <summary>Creates an event and serializes its data.</summary>
    /// <typeparam name="T">The type of the data.</typeparam>
    /// <param name="name">What has happened: 1 to 128 bytes of UTF-8.</param>
    /// <param name="data">The data; null is sent as <c>null</c>. An absent <see cref="RawJson"/> or an undefined
    /// <see cref="JsonElement"/> makes an event without data.</param>
    /// <param name="typeInfo">How to serialize the data, usually from a source-generated context; by default the web defaults of
    /// System.Text.Json with the relaxed encoder, by reflection.</param>
    /// <returns>The event.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty, too long or holds half a surrogate pair; or a number in the
    /// data is not finite.</exception>
    /// <exception cref="NotSupportedException">The data cannot be serialized, or <paramref name="typeInfo"/> is null where reflection is
    /// disabled.</exception>
    /// <exception cref="JsonException">The data refer to themselves or are nested too deep.</exception>
    public static NamedEvent Create<T>(string name, T data, JsonTypeInfo<T>? typeInfo = null) =>
        new(name, RawJson.From(data, typeInfo ?? MessageJsonDefaults.GetTypeInfo<T>(options: null)));

    /// <summary>Reads an event from its wire form.</summary>
    /// <param name="utf8Json">One JSON object in UTF-8, nested at most 32 levels deep, with a <c>name</c>. Members other than
    /// <c>name</c> and <c>data</c> are ignored; names are matched exactly. The bytes are not kept.</param>
    /// <returns>The event.</returns>
    /// <exception cref="MessageFormatException">It is not such an object.</exception>
    public static NamedEvent Parse(ReadOnlyMemory<byte> utf8Json)
    {
        var envelope = MessageEnvelopeReader.ReadEvent(utf8Json.Span);
        envelope.ThrowIfProblem();
        return new NamedEvent(envelope.GetTypeText()!, envelope.CopyPayload(utf8Json.Span));
    }

    /// <summary>Deserializes the data; absent data are read as if they were <c>null</c>.</summary>
    /// <typeparam name="T">The type to read.</typeparam>
    /// <param name="options">How to deserialize; by default the web defaults of System.Text.Json.</param>
    /// <returns>The data; null for <c>null</c> and for absent data, when <typeparamref name="T"/> can be null.</returns>
    /// <exception cref="MessageFormatException">The data are not a <typeparamref name="T"/>; also for <c>null</c> and absent data when
    /// <typeparamref name="T"/> is a value type that cannot be null.</exception>
    /// <exception cref="NotSupportedException">The type cannot be deserialized with these options.</exception>
    public T? GetData<T>(JsonSerializerOptions? options = null) => GetData(MessageJsonDefaults.GetTypeInfo<T>(options));

    /// <summary>Deserializes the data with the metadata of their type, for use without reflection; absent data are read as if they were
    /// <c>null</c>.</summary>
    /// <inheritdoc cref="GetData{T}(JsonSerializerOptions?)"/>
    /// <param name="typeInfo">How to deserialize, usually from a source-generated context.</param>
    /// <exception cref="ArgumentNullException"><paramref name="typeInfo"/> is null.</exception>
    public T? GetData<T>(JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        return PayloadReader.Read(Data.Utf8.Span, typeInfo, Name, messageId: null);
    }

    /// <summary>Gives the wire form.</summary>
    /// <returns>A new array with the JSON text in UTF-8.</returns>
    public byte[] ToUtf8Json()
    {
        var output = new ArrayBufferWriter<byte>();
        MessageJson.WriteEvent(output, Name, Data);
        return output.WrittenSpan.ToArray();
    }
}
