using System.Text;
using System.Text.Json;

namespace Waffle.WebSockets.Tests.Messages;

public sealed class WireFormat
{
    [Fact]
    public void A_message_is_type_payload_id_in_this_order()
    {
        var message = TypedMessage.Create("chat", new Chat("general", "hello"), "7");

        Assert.Equal("""{"type":"chat","payload":{"room":"general","text":"hello"},"id":"7"}""", Text(message));
    }

    [Fact]
    public void A_message_leaves_out_what_is_absent()
    {
        Assert.Equal("""{"type":"ping"}""", Text(TypedMessage.Create("ping")));
        Assert.Equal("""{"type":"ping","id":"7"}""", Text(new TypedMessage("ping", id: "7")));
        Assert.Equal("""{"type":"chat","payload":[1]}""", Text(new TypedMessage("chat", RawJson.Parse("[1]"))));
    }

    [Fact]
    public void A_null_payload_is_written_as_null()
    {
        Assert.Equal("""{"type":"pong","payload":null}""", Text(TypedMessage.Create<object?>("pong", null)));
        Assert.Equal("""{"type":"pong","payload":null}""", Text(new TypedMessage("pong", RawJson.Parse("null"))));
    }

    [Fact]
    public void An_empty_id_is_an_id()
    {
        Assert.Equal("""{"type":"ping","id":""}""", Text(new TypedMessage("ping", id: "")));
    }

    [Fact]
    public void An_event_is_name_and_data()
    {
        var joined = NamedEvent.Create("user_joined", new Dictionary<string, string> { ["user_id"] = "123", ["name"] = "Alice" });

        Assert.Equal("""{"name":"user_joined","data":{"user_id":"123","name":"Alice"}}""", Encoding.UTF8.GetString(joined.ToUtf8Json()));
        Assert.Equal("""{"name":"tick"}""", Encoding.UTF8.GetString(NamedEvent.Create("tick").ToUtf8Json()));
        Assert.Equal("""{"name":"tick","data":null}""", Encoding.UTF8.GetString(NamedEvent.Create<object?>("tick", null).ToUtf8Json()));
    }

    [Fact]
    public void A_raw_payload_keeps_its_inner_white_space()
    {
        var message = new TypedMessage("chat", RawJson.Parse("  { \"a\" : [ 1 , 2 ] }\r\n"));

        Assert.Equal("""{"type":"chat","payload":{ "a" : [ 1 , 2 ] }}""", Text(message));
    }

    [Fact]
    public void A_payload_that_came_in_goes_out_byte_for_byte()
    {
        var received = TypedMessage.Parse("""{ "id" : "7", "payload" : { "n" : 1.0e2, "s":"\u00e9\/" } , "type" : "chat" }"""u8.ToArray());

        Assert.Equal("""{"type":"chat","payload":{ "n" : 1.0e2, "s":"\u00e9\/" },"id":"7"}""", Text(received));
    }

    [Fact]
    public void Letters_and_angle_brackets_stay_as_they_are()
    {
        var message = TypedMessage.Create("é<", "é < > & ' + 漢", "ü>");

        Assert.Equal("""{"type":"é<","payload":"é < > & ' + 漢","id":"ü>"}""", Text(message));
    }

    [Fact]
    public void Quotes_cannot_leave_their_string()
    {
        var message = TypedMessage.Create("player_joined", new { player = "\",\"admin\":true,\"x\":\"" }, "\"}");

        using var json = JsonDocument.Parse(message.ToUtf8Json());
        Assert.Equal("\",\"admin\":true,\"x\":\"", json.RootElement.GetProperty("payload").GetProperty("player").GetString());
        Assert.Equal("\"}", json.RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_payload_becomes_the_replacement_character()
    {
        Assert.Equal("""{"type":"chat","payload":"a\uFFFDb"}""", Text(TypedMessage.Create("chat", "a\ud800b")));
    }

    private static string Text(TypedMessage message) => Encoding.UTF8.GetString(message.ToUtf8Json());

    private sealed record Chat(string Room, string Text);
}
