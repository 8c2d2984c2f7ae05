using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>A message or an event, read with the framework's own parser, as plainly as can be.</summary>
internal sealed class PlainEnvelope
{
    private static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<MessageProblem> _problems = [];

    public string? Name { get; private set; }

    public string? Id { get; private set; }

    public byte[] Payload { get; private set; } = [];

    /// <summary>Whether a reader may find this problem; <see langword="null"/>: none.</summary>
    public bool Allows(MessageProblem? problem) => problem is { } found ? _problems.Contains(found) : _problems.Count == 0;

    /// <summary>The document; <see langword="null"/> if it is none.</summary>
    public static JsonDocument? Parse(byte[] json, int maxDepth)
    {
        try
        {
            _strictUtf8.GetCharCount(json);
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = maxDepth });
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Reads a message or an event.</summary>
    /// <param name="document">The document; <see langword="null"/> if it is none, or too deep.</param>
    /// <param name="deep">The document if it is only too deep.</param>
    /// <param name="nameMember">The member with the type or name.</param>
    /// <param name="payloadMember">The member with the payload or data.</param>
    /// <param name="idMember">The member with the id; <see langword="null"/>: it is an event.</param>
    public static PlainEnvelope Read(JsonDocument? document, JsonDocument? deep, string nameMember, string payloadMember, string? idMember)
    {
        var envelope = new PlainEnvelope();
        if (document is null)
        {
            envelope.ReadBroken(deep);
        }
        else if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            envelope._problems.Add(MessageProblem.NotAnObject);
        }
        else
        {
            envelope.ReadMembers(document.RootElement, nameMember, payloadMember, idMember);
        }

        return envelope;
    }

    public static byte[] Bytes(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();

    // What is broken may show in several ways; what is only too deep shows in one.
    private void ReadBroken(JsonDocument? deep)
    {
        _problems.AddRange(deep is null
            ? [MessageProblem.InvalidJson, MessageProblem.TooDeep, MessageProblem.NotAnObject, MessageProblem.TrailingData]
            : [deep.RootElement.ValueKind == JsonValueKind.Object ? MessageProblem.TooDeep : MessageProblem.NotAnObject]);
    }

    private void ReadMembers(JsonElement root, string nameMember, string payloadMember, string? idMember)
    {
        var seen = new HashSet<string>();
        var isEvent = idMember is null;
        foreach (var member in root.EnumerateObject())
        {
            var name = NameOf(member);
            if (name is null || (name != nameMember && name != payloadMember && name != idMember))
            {
                continue;
            }

            if (!seen.Add(name))
            {
                AddFirst(MessageProblem.DuplicateMember);
            }
            else if (name == nameMember)
            {
                Name = ReadText(
                    member.Value,
                    isEvent ? MessageProblem.InvalidName : MessageProblem.InvalidType,
                    isEvent ? MessageProblem.NameTooLong : MessageProblem.TypeTooLong,
                    mayBeEmpty: false);
            }
            else if (name == payloadMember)
            {
                Payload = Bytes(member.Value);
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Id = ReadText(member.Value, MessageProblem.InvalidId, MessageProblem.IdTooLong, mayBeEmpty: true);
            }
        }

        if (!seen.Contains(nameMember))
        {
            AddFirst(isEvent ? MessageProblem.MissingName : MessageProblem.MissingType);
        }
    }

    // Of several problems the first is told; but in one text, either of two may be.
    private void AddFirst(params MessageProblem[] problems)
    {
        if (_problems.Count == 0)
        {
            _problems.AddRange(problems);
        }
    }

    private string? ReadText(JsonElement value, MessageProblem invalid, MessageProblem tooLong, bool mayBeEmpty)
    {
        var text = value.ValueKind == JsonValueKind.String ? TextOf(value) : null;
        if (text is null)
        {
            AddFirst(invalid, Bytes(value).Length > 130 ? tooLong : invalid);
        }
        else if (text.Length == 0 && !mayBeEmpty)
        {
            AddFirst(invalid);
        }
        else if (Encoding.UTF8.GetByteCount(text) > 128)
        {
            AddFirst(tooLong);
        }

        return text;
    }

    // The parser throws at half a surrogate pair.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
