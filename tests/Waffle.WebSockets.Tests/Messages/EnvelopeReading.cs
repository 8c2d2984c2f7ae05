using System.Text;
using Waffle.WebSockets.Messages;

namespace Waffle.WebSockets.Tests.Messages;

public sealed class EnvelopeReading
{
    private const string Good = """ {"id":"7","x":[{"type":"no"}],"payload":{"a":[1,2.5e3,"\u00e9"]},"type":"chat"} """;

    [Fact]
    public void Members_come_in_any_order_and_unknown_ones_are_skipped()
    {
        var input = Encoding.UTF8.GetBytes(Good);
        var envelope = MessageEnvelopeReader.ReadMessage(input);

        Assert.Null(envelope.Problem);
        Assert.Equal("chat", envelope.GetTypeText());
        Assert.Equal("7", envelope.GetIdText());
        Assert.Equal("""{"a":[1,2.5e3,"\u00e9"]}""", Encoding.UTF8.GetString(input[envelope.Payload]));
    }

    [Theory]
    [InlineData("", MessageProblem.InvalidJson)]
    [InlineData("  ", MessageProblem.InvalidJson)]
    [InlineData("\uFEFF{\"type\":\"chat\"}", MessageProblem.InvalidJson)]
    [InlineData("hello", MessageProblem.InvalidJson)]
    [InlineData("""{"type":"chat",}""", MessageProblem.InvalidJson)]
    [InlineData("""{"type":"chat","payload":[1,]}""", MessageProblem.InvalidJson)]
    [InlineData("""{"type":"chat"/* no */}""", MessageProblem.InvalidJson)]
    [InlineData("""{'type':'chat'}""", MessageProblem.InvalidJson)]
    [InlineData("""{"type":"chat","payload":01}""", MessageProblem.InvalidJson)]
    [InlineData("""{"type":"chat","payload":NaN}""", MessageProblem.InvalidJson)]
    [InlineData("""{"type":"chat","payload":,"id":"1"}""", MessageProblem.InvalidJson)]
    [InlineData("[]", MessageProblem.NotAnObject)]
    [InlineData("7 ", MessageProblem.NotAnObject)]
    [InlineData("null", MessageProblem.NotAnObject)]
    [InlineData("\"chat\"", MessageProblem.NotAnObject)]
    [InlineData("""{"type":"a"}{"type":"b"}""", MessageProblem.TrailingData)]
    [InlineData("{\"type\":\"a\"}\n{\"type\":\"b\"}", MessageProblem.TrailingData)]
    [InlineData("""{"type":"a"},{"type":"b"}""", MessageProblem.TrailingData)]
    [InlineData("""{"type":"a"} x""", MessageProblem.TrailingData)]
    [InlineData("{\"type\":\"a\"}\0", MessageProblem.TrailingData)]
    [InlineData("""{"type":"a"}// no""", MessageProblem.TrailingData)]
    [InlineData("{}", MessageProblem.MissingType)]
    [InlineData("""{"name":"user_joined","data":{}}""", MessageProblem.MissingType)]
    [InlineData("""{"Type":"chat"}""", MessageProblem.MissingType)]
    [InlineData("""{"payload":{"type":"chat"}}""", MessageProblem.MissingType)]
    [InlineData("""{"type":7}""", MessageProblem.InvalidType)]
    [InlineData("""{"type":null}""", MessageProblem.InvalidType)]
    [InlineData("""{"type":["chat"]}""", MessageProblem.InvalidType)]
    [InlineData("""{"type":""}""", MessageProblem.InvalidType)]
    [InlineData("""{"type":"\ud800"}""", MessageProblem.InvalidType)]
    [InlineData("""{"type":"\ud800\n"}""", MessageProblem.InvalidType)]
    [InlineData("""{"type":"\udc00\ud800"}""", MessageProblem.InvalidType)]
    [InlineData("""{"type":"chat","id":7}""", MessageProblem.InvalidId)]
    [InlineData("""{"type":"chat","id":{"id":"7"}}""", MessageProblem.InvalidId)]
    [InlineData("""{"type":"chat","id":false}""", MessageProblem.InvalidId)]
    [InlineData("""{"type":"chat","id":"\udc00"}""", MessageProblem.InvalidId)]
    [InlineData("""{"type":"a","type":"b"}""", MessageProblem.DuplicateMember)]
    [InlineData("""{"type":"a","ty\u0070e":"a"}""", MessageProblem.DuplicateMember)]
    [InlineData("""{"type":"a","payload":1,"payload":1}""", MessageProblem.DuplicateMember)]
    [InlineData("""{"type":"a","id":null,"id":"1"}""", MessageProblem.DuplicateMember)]
    public void A_bad_message_has_its_problem(string input, MessageProblem expected)
    {
        Assert.Equal(expected, MessageEnvelopeReader.ReadMessage(Encoding.UTF8.GetBytes(input)).Problem);
    }

    [Theory]
    [InlineData("""{"type":7,"payload":1,"id":"7"}""", null, "7")]
    [InlineData("""{"payload":1,"id":"7"}""", null, "7")]
    [InlineData("""{"type":"a","type":"b","id":"7"}""", "a", "7")]
    [InlineData("""{"type":"a","id":"7","id":"8"}""", "a", "7")]
    [InlineData("""{"type":"a","id":7}""", "a", null)]
    [InlineData("""{"type":"a","id":"7"}{""", "a", "7")]
    [InlineData("""{"type":"a","id":"7","payload":""", "a", "7")]
    [InlineData("""{"type":"a","id":"7",!}""", "a", "7")]
    public void A_bad_message_keeps_the_type_and_the_id_that_could_be_read(string input, string? type, string? id)
    {
        var exception = Assert.Throws<MessageFormatException>(() => TypedMessage.Parse(Encoding.UTF8.GetBytes(input)));

        Assert.Equal(type, exception.MessageType);
        Assert.Equal(id, exception.MessageId);
    }

    [Fact]
    public void Type_and_id_have_at_most_128_bytes()
    {
        Assert.Null(Problem(Message(new string('t', 128), new string('i', 128))));
        Assert.Null(Problem(Message(new string('é', 64), string.Concat(Enumerable.Repeat("\\u00e9", 64)))));
        Assert.Equal(MessageProblem.TypeTooLong, Problem(Message(new string('t', 129), "")));
        Assert.Equal(MessageProblem.TypeTooLong, Problem(Message(new string('é', 64) + "\\n", "")));
        Assert.Equal(MessageProblem.IdTooLong, Problem(Message("t", new string('i', 129))));
        Assert.Equal(MessageProblem.IdTooLong, Problem(Message("t", string.Concat(Enumerable.Repeat("\\u00e9", 65)))));

        static string Message(string type, string id) => $$"""{"type":"{{type}}","id":"{{id}}"}""";
    }

    [Theory]
    [InlineData("payload")]
    [InlineData("x")]
    public void The_message_may_nest_32_levels(string member)
    {
        Assert.Null(Problem(Nested(31)));
        Assert.Equal(MessageProblem.TooDeep, Problem(Nested(32)));
        Assert.Equal(MessageProblem.TooDeep, Problem(Nested(33)));
        Assert.Equal(MessageProblem.TooDeep, Problem($$"""{"type":"a","{{member}}":{{new string('[', 20_000)}}"""));

        string Nested(int levels) => $$"""{"type":"a","{{member}}":{{new string('[', levels)}}{{new string(']', levels)}}}""";
    }

    [Fact]
    public void Escapes_are_decoded_in_names_type_and_id()
    {
        var envelope = MessageEnvelopeReader.ReadMessage(
            """{"\u0074ype":"\u0063h\"\\\/\b\f\n\r\t\u00e9","p\u0061yload":1,"\u0069d":"\uD83D\uDE00x"}"""u8);

        Assert.Null(envelope.Problem);
        Assert.Equal("ch\"\\/\b\f\n\r\té", envelope.GetTypeText());
        Assert.Equal("😀x", envelope.GetIdText());
        Assert.True(envelope.HasPayload);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_harmless_in_other_members()
    {
        Assert.Null(Problem("""{"type":"a","\ud800":"\udc00","payload":"\ud800"}"""));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_invalid_JSON_wherever_they_are()
    {
        byte[] inPayload = [.. "{\"type\":\"a\",\"payload\":\""u8, 0xC3, .. "\"}"u8];
        byte[] inType = [.. "{\"type\":\""u8, 0xFF, .. "\"}"u8];

        Assert.Equal(MessageProblem.InvalidJson, MessageEnvelopeReader.ReadMessage(inPayload).Problem);
        Assert.Equal(MessageProblem.InvalidJson, MessageEnvelopeReader.ReadMessage(inType).Problem);
    }

    [Theory]
    [InlineData("""{"type":"a"}""", null)]
    [InlineData("""{"type":"a","id":null}""", null)]
    [InlineData("""{"type":"a","id":""}""", "")]
    public void A_null_id_is_absent_and_an_empty_one_is_not(string input, string? expected)
    {
        Assert.Equal(expected, TypedMessage.Parse(Encoding.UTF8.GetBytes(input)).Id);
    }

    [Fact]
    public void Every_truncation_is_a_problem()
    {
        var input = Encoding.UTF8.GetBytes(Good.Trim());
        for (var length = 0; length < input.Length; length++)
        {
            Assert.Equal(MessageProblem.InvalidJson, MessageEnvelopeReader.ReadMessage(input.AsSpan(0, length)).Problem);
        }
    }

    [Fact]
    public void An_unescaped_message_is_read_without_allocating()
    {
        var input = """{"type":"chat","payload":{"room":"general","text":"h\u00e9llo"},"id":"7"}"""u8.ToArray();
        ReadMany(input);

        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadMany(input);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void ReadMany(byte[] input)
    {
        for (var i = 0; i < 1_000; i++)
        {
            if (MessageEnvelopeReader.ReadMessage(input).Problem is not null)
            {
                throw new InvalidOperationException();
            }
        }
    }

    private static MessageProblem? Problem(string input) => MessageEnvelopeReader.ReadMessage(Encoding.UTF8.GetBytes(input)).Problem;
}
