using System.Text;

namespace Waffle.WebSockets.Tests.Messages;

public sealed class EventReading
{
    [Fact]
    public void An_event_is_read_back()
    {
        var parsed = NamedEvent.Parse(""" { "data" : {"user":"alice"}, "id": 7, "name":"user_joined" } """u8.ToArray());

        Assert.Equal("user_joined", parsed.Name);
        Assert.Equal("""{"user":"alice"}""", parsed.Data.ToString());
        Assert.Equal("alice", parsed.GetData<Dictionary<string, string>>()!["user"]);
    }

    [Theory]
    [InlineData("""{"type":"chat","payload":{}}""", MessageProblem.MissingName)]
    [InlineData("""{"name":7}""", MessageProblem.InvalidName)]
    [InlineData("""{"name":""}""", MessageProblem.InvalidName)]
    [InlineData("""{"name":"a","name":"a"}""", MessageProblem.DuplicateMember)]
    [InlineData("""{"name":"a","data":1,"data":1}""", MessageProblem.DuplicateMember)]
    [InlineData("""{"name":"a"}{"name":"b"}""", MessageProblem.TrailingData)]
    [InlineData("[]", MessageProblem.NotAnObject)]
    [InlineData("{", MessageProblem.InvalidJson)]
    public void A_bad_event_has_its_problem(string input, MessageProblem expected)
    {
        Assert.Equal(expected, Assert.Throws<MessageFormatException>(() => NamedEvent.Parse(Encoding.UTF8.GetBytes(input))).Problem);
    }

    [Fact]
    public void A_name_has_at_most_128_bytes()
    {
        Assert.Equal(128, NamedEvent.Parse(Event(128)).Name.Length);
        Assert.Equal(MessageProblem.NameTooLong, Assert.Throws<MessageFormatException>(() => NamedEvent.Parse(Event(129))).Problem);

        static byte[] Event(int length) => Encoding.UTF8.GetBytes($$"""{"name":"{{new string('n', length)}}"}""");
    }

    [Fact]
    public void Data_of_another_form_name_the_event()
    {
        var exception = Assert.Throws<MessageFormatException>(() => NamedEvent.Create("tick", "soon").GetData<int>());

        Assert.Equal(MessageProblem.InvalidPayload, exception.Problem);
        Assert.Equal("tick", exception.MessageType);
        Assert.Null(exception.MessageId);
    }
}
