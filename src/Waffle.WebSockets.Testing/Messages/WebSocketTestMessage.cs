using System.Text;
using System.Text.Json;

namespace Waffle.WebSockets.Testing;

/// <summary>A message that a test client has received.</summary>
public sealed class WebSocketTestMessage
{
    private const int ShownCharacters = 200;

    private readonly byte[] _data;

    internal WebSocketTestMessage(MessageKind kind, byte[] data, bool wasCompressed)
    {
        _data = data;
        Kind = kind;
        WasCompressed = wasCompressed;
        if (kind == MessageKind.Text)
        {
            (Typed, Event) = Parse(data);
        }
    }

    /// <summary>Text or binary.</summary>
    public MessageKind Kind { get; }

    /// <summary>Its bytes, inflated if it was compressed.</summary>
    public ReadOnlyMemory<byte> Data => _data;

    /// <summary>Whether it came compressed (RFC 7692).</summary>
    public bool WasCompressed { get; }

    /// <summary>Its text.</summary>
    /// <exception cref="UnexpectedMessageKindException">It is binary.</exception>
    public string Text => Kind == MessageKind.Text
        ? Encoding.UTF8.GetString(_data)
        : throw new UnexpectedMessageKindException(MessageKind.Text, Kind);

    /// <summary>It as a message with a type; <see langword="null"/>: it is none.</summary>
    public TypedMessage? Typed { get; }

    /// <summary>It as an event; <see langword="null"/>: it is none.</summary>
    public NamedEvent? Event { get; }

    /// <summary>Reads its text as JSON.</summary>
    /// <param name="options">How to read it; <see langword="null"/>: the web's defaults.</param>
    /// <exception cref="UnexpectedMessageKindException">It is binary.</exception>
    /// <exception cref="JsonException">It is no <typeparamref name="T"/>.</exception>
    public T? ReadJson<T>(JsonSerializerOptions? options = null) =>
        JsonSerializer.Deserialize<T>(Text, options ?? JsonSerializerOptions.Web);

    /// <summary>It as a failed test shows it: its text, cut where it is long, or how many bytes it has.</summary>
    public override string ToString()
    {
        if (Kind == MessageKind.Binary)
        {
            return $"{_data.Length} bytes";
        }

        var text = Text;
        return text.Length <= ShownCharacters ? text : $"{text.AsSpan(0, ShownCharacters)}… ({text.Length} characters)";
    }

    // What has a type is no event, whatever else it has.
    private static (TypedMessage? Typed, NamedEvent? Event) Parse(byte[] json)
    {
        try
        {
            return (TypedMessage.Parse(json), null);
        }
        catch (MessageFormatException)
        {
            return (null, TryParseEvent(json));
        }
    }

    private static NamedEvent? TryParseEvent(byte[] json)
    {
        try
        {
            return NamedEvent.Parse(json);
        }
        catch (MessageFormatException)
        {
            return null;
        }
    }
}
