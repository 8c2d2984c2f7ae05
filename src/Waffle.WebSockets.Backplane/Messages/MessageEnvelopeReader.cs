using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Waffle.WebSockets.Messages;

/// <summary>
/// Finds the parts of a message or an event without decoding its payload and, unless a string that it keeps holds escapes, without
/// allocating. Never throws: a bad message is a <see cref="MessageEnvelope.Problem"/>.
/// </summary>
/// <remarks>
/// Members are matched exactly and may come in any order; others are skipped. Where the message is JSON at all the reader goes on after
/// a problem, so that the error reply can carry an id that comes later.
/// </remarks>
internal static class MessageEnvelopeReader
{
    // One level more than allowed: the reader then reports the level too many as a token instead of as an exception.
    private static readonly JsonReaderOptions _readerOptions = new() { MaxDepth = MessageJsonDefaults.MaxDepth + 1 };

    private enum ValueEnd
    {
        Found,
        CutOff,
        TooDeep,
    }

    /// <summary>Reads <c>{"type":…,"payload":…,"id":…}</c>.</summary>
    public static MessageEnvelope ReadMessage(ReadOnlySpan<byte> utf8Json) => Read(utf8Json, EnvelopeFormat.Message);

    /// <summary>Reads <c>{"name":…,"data":…}</c>.</summary>
    public static MessageEnvelope ReadEvent(ReadOnlySpan<byte> utf8Json) => Read(utf8Json, EnvelopeFormat.Event);

    private static MessageEnvelope Read(ReadOnlySpan<byte> utf8Json, EnvelopeFormat format)
    {
        var envelope = default(MessageEnvelope);
        // The JSON reader looks at the bytes of a string only when it is decoded.
        if (!Utf8.IsValid(utf8Json))
        {
            envelope.Problem = MessageProblem.InvalidJson;
            return envelope;
        }

        try
        {
            // "Not the final block": input that is cut off then ends the reader instead of making it throw.
            var reader = new Utf8JsonReader(utf8Json, isFinalBlock: false, new JsonReaderState(_readerOptions));
            var broken = ReadObject(utf8Json, ref reader, ref envelope, format);
            if (broken is null && utf8Json[(int)reader.BytesConsumed..].ContainsAnyExcept(" \t\r\n"u8))
            {
                broken = MessageProblem.TrailingData;
            }

            // A message that is broken as a whole is reported as such, whatever was wrong inside.
            envelope.Problem = broken ?? envelope.Problem;
        }
        catch (JsonException)
        {
            envelope.Problem = MessageProblem.InvalidJson;
        }

        return envelope;
    }

    private static MessageProblem? ReadObject(
        ReadOnlySpan<byte> utf8Json, ref Utf8JsonReader reader, ref MessageEnvelope envelope, EnvelopeFormat format)
    {
        if (!reader.Read())
        {
            // A bare number might go on, for this reader. One that knows the end throws at all else.
            return new Utf8JsonReader(utf8Json).Read() ? MessageProblem.NotAnObject : MessageProblem.InvalidJson;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return MessageProblem.NotAnObject;
        }

        var (seenName, seenContent, seenId) = (false, false, false);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                if (!seenName)
                {
                    envelope.Problem ??= format.MissingName;
                }

                return null;
            }

            var isName = IsMember(ref reader, format.NameMember);
            var isContent = !isName && IsMember(ref reader, format.ContentMember);
            var isId = !isName && !isContent && format.IdMember is { } idMember && IsMember(ref reader, idMember);
            if (!reader.Read())
            {
                break;
            }

            var isDuplicate = (isName && seenName) || (isContent && seenContent) || (isId && seenId);
            if (isDuplicate)
            {
                envelope.Problem ??= MessageProblem.DuplicateMember;
            }
            else if (isName)
            {
                ReadName(ref reader, ref envelope, format);
            }
            else if (isId)
            {
                ReadId(ref reader, ref envelope);
            }

            var start = (int)reader.TokenStartIndex;
            if (SkipValue(ref reader) is var end and not ValueEnd.Found)
            {
                return end == ValueEnd.TooDeep ? MessageProblem.TooDeep : MessageProblem.InvalidJson;
            }

            if (isContent && !isDuplicate)
            {
                envelope.Payload = start..(int)reader.BytesConsumed;
            }

            seenName |= isName;
            seenContent |= isContent;
            seenId |= isId;
        }

        return MessageProblem.InvalidJson;
    }

    private static bool IsMember(ref Utf8JsonReader reader, JsonEncodedText member)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.SequenceEqual(member.EncodedUtf8Bytes);
        }

        Span<byte> unescaped = stackalloc byte[16];
        return JsonStringUnescaper.Unescape(reader.ValueSpan, unescaped, out var written) == OperationStatus.Done
            && unescaped[..written].SequenceEqual(member.EncodedUtf8Bytes);
    }

    private static void ReadName(ref Utf8JsonReader reader, ref MessageEnvelope envelope, EnvelopeFormat format)
    {
        var status = ReadString(ref reader, out var name);
        if (status == OperationStatus.Done && !name.IsEmpty)
        {
            envelope.Type = name;
            return;
        }

        envelope.Problem ??= status == OperationStatus.DestinationTooSmall ? format.NameTooLong : format.InvalidName;
    }

    private static void ReadId(ref Utf8JsonReader reader, ref MessageEnvelope envelope)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        var status = ReadString(ref reader, out var id);
        if (status == OperationStatus.Done)
        {
            envelope.Id = id;
            envelope.HasId = true;
            return;
        }

        envelope.Problem ??= status == OperationStatus.DestinationTooSmall ? MessageProblem.IdTooLong : MessageProblem.InvalidId;
    }

    private static OperationStatus ReadString(scoped ref Utf8JsonReader reader, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (reader.TokenType != JsonTokenType.String)
        {
            return OperationStatus.InvalidData;
        }

        if (!reader.ValueIsEscaped)
        {
            text = reader.ValueSpan;
            return text.Length > EnvelopeFormat.MaxNameBytes ? OperationStatus.DestinationTooSmall : OperationStatus.Done;
        }

        Span<byte> unescaped = stackalloc byte[EnvelopeFormat.MaxNameBytes];
        var status = JsonStringUnescaper.Unescape(reader.ValueSpan, unescaped, out var written);
        if (status == OperationStatus.Done)
        {
            text = unescaped[..written].ToArray();
        }

        return status;
    }

    private static ValueEnd SkipValue(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        do
        {
            var opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (opens && reader.CurrentDepth >= MessageJsonDefaults.MaxDepth)
            {
                return ValueEnd.TooDeep;
            }

            if (!opens && reader.CurrentDepth == depth)
            {
                return ValueEnd.Found;
            }
        }
        while (reader.Read());

        return ValueEnd.CutOff;
    }
}
