using System.Text;
using System.Text.Json;

namespace Waffle.WebSockets.Tests.Messages;

public sealed class PayloadReading
{
    [Theory]
    [InlineData("""{"type":"chat","payload":null}""", """{"type":"chat","payload":null}""")]
    [InlineData("""{"type":"chat"}""", """{"type":"chat"}""")]
    [InlineData("""{"type":"chat","payload":""}""", """{"type":"chat","payload":""}""")]
    [InlineData("""{"type":"chat","id":null}""", """{"type":"chat"}""")]
    [InlineData("""{"type":"chat","id":""}""", """{"type":"chat","id":""}""")]
    public void Null_stays_null_and_absent_stays_absent(string input, string output)
    {
        Assert.Equal(output, Encoding.UTF8.GetString(Parse(input).ToUtf8Json()));
    }

    [Theory]
    [InlineData("""{"type":"chat","payload":null,"id":"7"}""")]
    [InlineData("""{"type":"chat","id":"7"}""")]
    public void Null_and_absent_are_null_for_a_type_that_can_be_null_and_a_typed_error_for_one_that_cannot(string input)
    {
        var message = Parse(input);

        Assert.Null(message.GetPayload<Chat>());
        Assert.Null(message.GetPayload<int?>());
        var exception = Assert.Throws<MessageFormatException>(() => message.GetPayload<int>());
        Assert.Equal(MessageProblem.InvalidPayload, exception.Problem);
        Assert.Equal(("chat", "7"), (exception.MessageType, exception.MessageId));
    }

    [Fact]
    public void An_empty_string_is_a_string_and_nothing_else()
    {
        var message = Parse("""{"type":"chat","payload":""}""");

        Assert.Equal("", message.GetPayload<string>());
        Assert.Throws<MessageFormatException>(() => message.GetPayload<Chat>());
        Assert.Throws<MessageFormatException>(() => message.GetPayload<int>());
        Assert.Throws<MessageFormatException>(() => message.GetPayload<int?>());
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"secret\"")]
    [InlineData("""{"text":{"secret":1}}""")]
    [InlineData("""{"text":"\ud800"}""")]
    public void A_payload_of_another_form_is_a_typed_error_without_its_text(string payload)
    {
        var message = Parse($$"""{"type":"chat","payload":{{payload}},"id":"7"}""");

        var exception = Assert.Throws<MessageFormatException>(() => message.GetPayload<Chat>());

        Assert.Equal("invalid_payload", exception.Code);
        Assert.Equal(("chat", "7"), (exception.MessageType, exception.MessageId));
        Assert.IsType<JsonException>(exception.InnerException);
        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_payload_is_read_without_regard_to_the_case_of_names()
    {
        Assert.Equal(new Chat("hi"), Parse("""{"type":"chat","payload":{"TEXT":"hi"}}""").GetPayload<Chat>());
    }

    [Fact]
    public void Bad_messages_between_good_ones_cost_only_themselves()
    {
        string[] bad =
        [
            """{"type":"chat","payload":[1],"id":"bad"}""",
            """{"type":7,"id":"bad"}""",
            """{"type":"chat","payload":1,"id":"bad","type":"chat"}""",
            """{"id":"bad"}""",
            """{"id":"bad","type":"chat"}{}""",
        ];
        foreach (var input in bad)
        {
            Assert.Equal("hi", Parse("""{"type":"chat","payload":{"text":"hi"}}""").GetPayload<Chat>()!.Text);
            var exception = Assert.Throws<MessageFormatException>(() => Parse(input).GetPayload<Chat>());
            Assert.Equal("bad", exception.MessageId);
        }
    }

    [Fact]
    public void Every_problem_has_a_code_of_its_own()
    {
        foreach (var problem in Enum.GetValues<MessageProblem>())
        {
            var expected = JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.ToString());
            Assert.Equal(expected, new MessageFormatException(problem).Code);
        }
    }

    private static TypedMessage Parse(string json) => TypedMessage.Parse(Encoding.UTF8.GetBytes(json));

    private sealed record Chat(string Text);
}
