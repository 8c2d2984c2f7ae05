using System.Text;
using System.Text.Json;
using CsCheck;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Tests.Messages;

public sealed class MessageProperties
{
    // Any UTF-16 without half pairs, at most 128 bytes of UTF-8.
    private static readonly Gen<string> _text =
        Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Select(value => new Rune(value).ToString()).Array[0, 32].Select(string.Concat);

    private static readonly Gen<string> _name = _text.Where(text => text.Length > 0);

    private static readonly Gen<RawJson> _json = Gen.Recursive<RawJson>((depth, json) => depth > 4
        ? Scalar()
        : Gen.OneOf(
            Scalar(),
            json.Array[0, 3].Select(items => RawJson.Parse($"[ {string.Join(" ,\n", items)} ]")),
            Gen.Select(_text, json, (name, value) => $"{JsonSerializer.Serialize(name)}: {value}").Array[0, 3].Select(members =>
                RawJson.Parse($"{{{string.Join(',', members)}}}"))));

    private static readonly Gen<RawJson> _payload = Gen.OneOf(Gen.Const(default(RawJson)), _json);

    [Fact]
    public void A_message_that_was_written_is_read_back()
    {
        Gen.Select(_name, _payload, _text.Null()).Sample((type, payload, id) =>
        {
            var message = TypedMessage.Parse(new TypedMessage(type, payload, id).ToUtf8Json());
            Assert.Equal((type, payload, id), (message.Type, message.Payload, message.Id));
        });
    }

    [Fact]
    public void A_string_payload_is_read_back()
    {
        Gen.Select(_name, _text).Sample((type, text) =>
            Assert.Equal(text, TypedMessage.Parse(TypedMessage.Create(type, text).ToUtf8Json()).GetPayload<string>()));
    }

    [Fact]
    public void An_event_that_was_written_is_read_back()
    {
        Gen.Select(_name, _payload).Sample((name, data) =>
        {
            var parsed = NamedEvent.Parse(new NamedEvent(name, data).ToUtf8Json());
            Assert.Equal((name, data), (parsed.Name, parsed.Data));
        });
    }

    [Fact]
    public void Arbitrary_bytes_never_throw()
    {
        Gen.Byte.Array[0, 64].Sample(Read);
    }

    [Fact]
    public void Arbitrary_pieces_of_JSON_never_throw()
    {
        string[] pieces =
        [
            "{", "}", "[", "]", ",", ":", " ", "\n", "\"", "\"type\"", "\"payload\"", "\"id\"", "\"name\"", "\"data\"",
            "null", "true", "1", "-", "1e5", "\"a\"", "\\", "\\u", "\\ud83d", "\\ude00", "\"\\ud800\"", "\"\\u0069d\"", "é", "//",
            "\uFEFF", "\0", "{\"type\":\"a\"",
        ];
        Gen.OneOf(pieces).Array[0, 16].Sample(parts => Read(Encoding.UTF8.GetBytes(string.Concat(parts))));
    }

    [Fact]
    public void A_changed_byte_never_throws()
    {
        var good = """{"type":"ch\u0061t","payload":{"a":[1,2.5,"\ud83d\ude00"]},"id":"\"7"}"""u8.ToArray();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Sample((index, value) =>
        {
            byte[] changed = [.. good];
            changed[index] = value;
            Read(changed);
        });
    }

    // A message without a problem is one JSON object to the framework's own parser too, with the same parts.
    private static void Read(byte[] input)
    {
        _ = MessageEnvelopeReader.ReadEvent(input);
        var envelope = MessageEnvelopeReader.ReadMessage(input);
        if (envelope.Problem is not null)
        {
            return;
        }

        using var document = JsonDocument.Parse(input);
        Assert.Equal(document.RootElement.GetProperty("type").GetString(), envelope.GetTypeText());
        Assert.Equal(document.RootElement.TryGetProperty("id", out var id) ? id.GetString() : null, envelope.GetIdText());
        var expected = document.RootElement.TryGetProperty("payload", out var payload) ? payload.GetRawText() : "";
        Assert.Equal(expected, envelope.CopyPayload(input).ToString());
    }

    private static Gen<RawJson> Scalar() => Gen.OneOf(
        Gen.OneOf("null", "true", "false", "0", "-1.50e+7").Select(RawJson.Parse),
        _text.Select(text => RawJson.From(text)));
}
