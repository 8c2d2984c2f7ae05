using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Waffle.WebSockets.Messages;

/// <summary>How payloads are read and written when nobody says otherwise.</summary>
internal static class MessageJsonDefaults
{
    /// <summary>The deepest nesting of a message, in either direction; the message's own object is the first level.</summary>
    public const int MaxDepth = 32;

    /// <summary>A WebSocket message is no HTML: <c>é</c> and <c>&lt;</c> are written as they are.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>
    /// Web defaults (camelCase, names read without regard to case, numbers read from strings too), read-only. Without reflection
    /// (Native AOT) they know no types: callers pass a <see cref="JsonTypeInfo{T}"/> or options of their own.
    /// </summary>
    public static readonly JsonSerializerOptions Options = CreateOptions();

    // RawJson needs no metadata from the application, so that a payload can be forwarded as it is under AOT as well.
    private static readonly JsonTypeInfo<RawJson> _rawJsonTypeInfo =
        JsonMetadataServices.CreateValueInfo<RawJson>(Options, new RawJsonConverter());

    /// <summary>Gives the metadata of a type, so that the serializer itself needs no reflection.</summary>
    /// <exception cref="NotSupportedException">The options know nothing of <typeparamref name="T"/>.</exception>
    public static JsonTypeInfo<T> GetTypeInfo<T>(JsonSerializerOptions? options)
    {
        if (typeof(T) == typeof(RawJson))
        {
            return (JsonTypeInfo<T>)(object)_rawJsonTypeInfo;
        }

        options ??= Options;
        if (!options.IsReadOnly)
        {
            Freeze(options);
        }

        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = Encoder,
            MaxDepth = MaxDepth,
            // An empty resolver says "no metadata for this type, use source generation" instead of "no resolver".
            TypeInfoResolver = JsonSerializer.IsReflectionEnabledByDefault ? null : JsonTypeInfoResolver.Combine(),
        };
        Freeze(options);
        return options;
    }

    // What the serializer itself does at the first use of options; until then they cache nothing.
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Reached only where reflection-based serialization is enabled.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where reflection-based serialization is enabled.")]
    private static void Freeze(JsonSerializerOptions options) =>
        options.MakeReadOnly(populateMissingResolver: options.TypeInfoResolver is null && JsonSerializer.IsReflectionEnabledByDefault);
}
