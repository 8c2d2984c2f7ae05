using System.Text.Json;
using Waffle.WebSockets.Fuzz.Engine;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>Messages and events as JSON.</summary>
/// <remarks>Input: the text.</remarks>
internal sealed class EnvelopeTarget : IFuzzTarget
{
    public string Name => "envelope";

    public IReadOnlyList<byte[]> Dictionary { get; } =
    [
        .. TargetParts.Words(
            "{", "}", "[", "]", ",", ":", " ", "\"", "\\", "\\u", "//", "/**/", "\uFEFF",
            "\"type\":", "\"payload\":", "\"id\":", "\"name\":", "\"data\":", "{\"type\":\"a\",\"payload\":", "\"\\u0069d\":",
            "\"type\":\"a\",", "\"id\":\"a\",", "\"payload\":1,", "\"a\"", "null", "true", "1", "-0.5e9", "\u00E9", "\\ud83d\\ude00", "\\ud800", "aaaaaaaaaaaaaaaa",
            "[[[[[[[[", "]]]]]]]]", "{\"a\":"),
        [0xED, 0xA0, 0x80], [0xFF], [0xC3],
    ];

    public IReadOnlyList<string> Covers { get; } =
    [
        .. TargetParts.Types("Messages", "Envelope", "MessageEnvelope", "MessageJson", "JsonStringUnescaper", "RawJson", "MessageProblem"),
        "Waffle.WebSockets.TypedMessage", "Waffle.WebSockets.NamedEvent", "Waffle.WebSockets.RawJson", "Waffle.WebSockets.MessageFormat",
    ];

    public int MaxLength => 2048;

    public int StepsPerByte => 200;

    public long Run(ReadOnlySpan<byte> input)
    {
        var json = input.ToArray();
        using var document = PlainEnvelope.Parse(json, maxDepth: 32);
        using var deep = document is null ? PlainEnvelope.Parse(json, maxDepth: MaxLength) : null;
        var message = MessageEnvelopeReader.ReadMessage(json);
        CheckEnvelope(PlainEnvelope.Read(document, deep, "type", "payload", "id"), message, json);
        var happening = MessageEnvelopeReader.ReadEvent(json);
        CheckEnvelope(PlainEnvelope.Read(document, deep, "name", "data", idMember: null), happening, json);
        if (message.Problem is null)
        {
            CheckMessage(json);
        }

        if (happening.Problem is null)
        {
            CheckEvent(json);
        }

        CheckRaw(json, document is not null);
        return 5L * json.Length;
    }

    private static void CheckEnvelope(PlainEnvelope expected, in MessageEnvelope envelope, byte[] json)
    {
        Check.That(expected.Allows(envelope.Problem), "A message is judged as the format says.");
        if (envelope.Problem is not null)
        {
            return;
        }

        Check.Equal(expected.Name, envelope.GetTypeText(), "The type is what the framework's own parser reads.");
        Check.Equal(expected.Id, envelope.GetIdText(), "The id is what the framework's own parser reads.");
        Check.SameBytes(expected.Payload, json.AsSpan()[envelope.Payload], "The payload is what the framework's own parser finds.");
    }

    private static void CheckMessage(byte[] json)
    {
        var message = TypedMessage.Parse(json);
        var written = message.ToUtf8Json();
        var again = TypedMessage.Parse(written);
        Check.Equal(
            (message.Type, message.Payload, message.Id), (again.Type, again.Payload, again.Id), "A message is read as it was written.");
        Check.SameBytes(written, again.ToUtf8Json(), "A message is written in one way.");
    }

    private static void CheckEvent(byte[] json)
    {
        var happening = NamedEvent.Parse(json);
        var written = happening.ToUtf8Json();
        var again = NamedEvent.Parse(written);
        Check.Equal((happening.Name, happening.Data), (again.Name, again.Data), "An event is read as it was written.");
        Check.SameBytes(written, again.ToUtf8Json(), "An event is written in one way.");
    }

    private static void CheckRaw(byte[] json, bool isDocument)
    {
        RawJson? raw;
        try
        {
            raw = RawJson.Parse(json);
        }
        catch (ArgumentException)
        {
            raw = null;
        }

        using var document = isDocument ? PlainEnvelope.Parse(json, maxDepth: 31) : null;
        Check.Equal(document is not null, raw is not null, "Raw JSON is what the framework's own parser takes.");
        if (raw is { } value)
        {
            Check.SameBytes(PlainEnvelope.Bytes(document!.RootElement), value.Utf8.Span, "Raw JSON is the value without blanks around it.");
            Check.Equal(value, JsonSerializer.Deserialize<RawJson>(json), "Raw JSON is read alike by the serializer.");
        }
    }
}
