using System.Text.Json;
using System.Text.Json.Nodes;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>Payloads with nothing in them, sent to one and to many: left out, empty, null or refused, and never broken JSON.</summary>
public sealed class AbsentPayloadTests : IAsyncDisposable
{
    private readonly HubScene _scene = new();

    public static TheoryData<string, string> Written => new()
    {
        { "undefined element", "" },
        { "absent raw JSON", "" },
        { "empty bytes", "\"\"" },
        { "empty text", "\"\"" },
        { "no document", "null" },
        { "no node", "null" },
        { "element that is null", "null" },
        { "absent raw JSON inside", """{"value":null}""" },
    };

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Theory]
    [MemberData(nameof(Written))]
    public async Task C69_nothing_is_left_out_and_what_is_empty_is_written(string value, string json)
    {
        var peer = await _scene.ConnectAsync();
        await DoAsync(value, new Verbs(peer.Client, "typed"));
        await DoAsync(value, new Verbs(peer.Client, "event"));

        var message = json.Length == 0 ? """{"type":"t"}""" : $$"""{"type":"t","payload":{{json}}}""";
        var @event = json.Length == 0 ? """{"name":"t"}""" : $$"""{"name":"t","data":{{json}}}""";
        Assert.Equal([message, message, @event, @event], await peer.TextsSoFarAsync());
        if (json.Length > 0)
        {
            await DoAsync(value, new Verbs(peer.Client, "JSON"));
            Assert.Equal([json, json], await peer.TextsSoFarAsync());
        }
    }

    [Theory]
    [InlineData("undefined element")]
    [InlineData("absent raw JSON")]
    public async Task C69_alone_nothing_is_an_argument_error(string value)
    {
        var peer = await _scene.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => DoAsync(value, new Verbs(peer.Client, "JSON")));
        Assert.Empty(await peer.TextsSoFarAsync());
    }

    [Theory]
    [InlineData("typed")]
    [InlineData("event")]
    [InlineData("JSON")]
    public async Task C69_a_value_that_was_cleared_or_is_undefined_inside_another_is_refused_before_anything_is_sent(string verb)
    {
        var peer = await _scene.ConnectAsync();
        foreach (var isSingle in new[] { true, false })
        {
            var verbs = new Verbs(peer.Client, verb);
            await Assert.ThrowsAnyAsync<InvalidOperationException>(() => verbs.DoAsync(Disposed(), isSingle));
            await Assert.ThrowsAnyAsync<InvalidOperationException>(() => verbs.DoAsync(new { value = default(JsonElement) }, isSingle));
        }

        Assert.Empty(await peer.TextsSoFarAsync());
        Assert.False(peer.Client.Connection.IsClosed);

        static JsonElement Disposed()
        {
            using var document = JsonDocument.Parse("[1]");
            return document.RootElement;
        }
    }

    [Fact]
    public async Task C69_a_ready_message_without_payload_has_none_and_empty_raw_JSON_cannot_be_made()
    {
        var peer = await _scene.ConnectAsync();
        var message = new TypedMessage("t", default, "7");
        await peer.Client.SendMessageAsync(message);
        await _scene.Hub.BroadcastMessageAsync(message);
        await peer.Client.Connection.WriteMessageAsync(message);

        Assert.Equal(Enumerable.Repeat("""{"type":"t","id":"7"}""", 3), await peer.TextsSoFarAsync());
        Assert.ThrowsAny<ArgumentException>(() => RawJson.Parse(string.Empty));
        Assert.ThrowsAny<ArgumentException>(() => RawJson.Parse(ReadOnlyMemory<byte>.Empty));
    }

    private static async Task DoAsync(string value, Verbs verbs)
    {
        foreach (var isSingle in new[] { true, false })
        {
            await (value switch
            {
                "undefined element" => verbs.DoAsync(default(JsonElement), isSingle),
                "absent raw JSON" => verbs.DoAsync(default(RawJson), isSingle),
                "empty bytes" => verbs.DoAsync(Array.Empty<byte>(), isSingle),
                "empty text" => verbs.DoAsync(string.Empty, isSingle),
                "no document" => verbs.DoAsync((JsonDocument?)null, isSingle),
                "no node" => verbs.DoAsync((JsonNode?)null, isSingle),
                "element that is null" => verbs.DoAsync(JsonElement.Parse("null"), isSingle),
                _ => verbs.DoAsync(new { value = default(RawJson) }, isSingle),
            });
        }
    }

    /// <summary>One way to send, to the client alone or to all.</summary>
    private sealed record Verbs(HubClient Client, string Verb)
    {
        public async Task DoAsync<T>(T value, bool isSingle)
        {
            switch (Verb)
            {
                case "typed" when isSingle:
                    await Client.SendTypedMessageAsync("t", value);
                    break;
                case "typed":
                    await Client.Hub.BroadcastTypedMessageAsync("t", value);
                    break;
                case "event" when isSingle:
                    await Client.SendEventAsync("t", value);
                    break;
                case "event":
                    await Client.Hub.BroadcastEventAsync("t", value);
                    break;
                default:
                    await (isSingle ? Client.SendJsonAsync(value).AsTask() : (Task)Client.Hub.BroadcastJsonAsync(value).AsTask());
                    break;
            }
        }
    }
}
