using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Messages;

/// <summary>JSON on a connection that belongs to no hub.</summary>
public sealed class ConnectionJson
{
    [Fact]
    public async Task A_value_and_a_message_are_written_as_text()
    {
        await using var pair = ConnectionPair.Create();
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteJsonAsync(new Line("ann", "é <b>")));
        Assert.Equal(SendStatus.Queued, await pair.Server.WriteMessageAsync(TypedMessage.Create("chat", new Line("ann", "hi"), "7")));

        var value = await pair.Client.NextAsync();
        Assert.Equal((RawFrame.TextOpcode, """{"user":"ann","text":"é <b>"}"""), (value.Opcode, value.Text));
        var message = await pair.Client.NextAsync();
        Assert.Equal(
            (RawFrame.TextOpcode, """{"type":"chat","payload":{"user":"ann","text":"hi"},"id":"7"}"""), (message.Opcode, message.Text));
    }

    [Fact]
    public async Task A_value_is_read_with_the_web_defaults()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("""{"USER":"ann","text":"hi","more":1}""");
        await pair.Client.SendTextAsync("null");

        Assert.Equal(new Line("ann", "hi"), await pair.Server.ReadJsonAsync<Line>().Soon());
        Assert.Null(await pair.Server.ReadJsonAsync<Line>().Soon());
    }

    [Fact]
    public async Task A_message_is_read_and_its_payload_left_as_it_came()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("""{"id":"7","payload":{ "text" : "hi" },"type":"chat"}""");

        var message = await pair.Server.ReadMessageAsync().Soon();
        Assert.Equal(("chat", """{ "text" : "hi" }""", "7"), (message.Type, message.Payload.ToString(), message.Id));
    }

    [Fact]
    public async Task Messages_are_read_until_the_peer_closes()
    {
        await using var pair = ConnectionPair.Create();
        foreach (var type in new[] { "a", "b" })
        {
            await pair.Client.SendTextAsync($$"""{"type":"{{type}}"}""");
        }

        await pair.Client.SendCloseAsync();

        var types = new List<string>();
        await foreach (var message in pair.Server.ReadAllMessagesAsync())
        {
            types.Add(message.Type);
        }

        Assert.Equal(["a", "b"], types);
    }

    [Fact]
    public async Task What_is_no_such_text_is_a_typed_error_and_the_connection_stays()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendBinaryAsync("{}"u8.ToArray());
        await pair.Client.SendBinaryAsync("{}"u8.ToArray());
        await pair.Client.SendTextAsync("[1]");
        await pair.Client.SendTextAsync("""{"payload":1,"id":"7"}""");
        await pair.Client.SendTextAsync("""{"type":"good"}""");

        foreach (var read in new Func<Task>[] { ReadValueAsync, ReadMessageAsync })
        {
            var kind = await Assert.ThrowsAsync<UnexpectedMessageKindException>(read);
            Assert.Equal((MessageKind.Text, MessageKind.Binary), (kind.Expected, kind.Actual));
        }

        Assert.Equal(MessageProblem.InvalidPayload, (await Assert.ThrowsAsync<MessageFormatException>(ReadValueAsync)).Problem);
        var problem = await Assert.ThrowsAsync<MessageFormatException>(ReadMessageAsync);
        Assert.Equal((MessageProblem.MissingType, "7"), (problem.Problem, problem.MessageId));
        Assert.Equal("good", (await pair.Server.ReadMessageAsync().Soon()).Type);

        Task ReadValueAsync() => pair.Server.ReadJsonAsync<Line>().Soon();
        Task ReadMessageAsync() => pair.Server.ReadMessageAsync().Soon();
    }

    [Theory]
    [InlineData("""{"type":"a"}{"type":"b"}""", MessageProblem.TrailingData)]
    [InlineData("{\"type\":\"a\"}\n{\"type\":\"b\"}", MessageProblem.TrailingData)]
    [InlineData("""{"type":"a"},{"type":"b"}""", MessageProblem.TrailingData)]
    [InlineData("""{"type":"a"} rubbish""", MessageProblem.TrailingData)]
    [InlineData("\uFEFF{\"type\":\"a\"}", MessageProblem.InvalidJson)]
    [InlineData("", MessageProblem.InvalidJson)]
    [InlineData("[]", MessageProblem.NotAnObject)]
    [InlineData("7", MessageProblem.NotAnObject)]
    [InlineData("null", MessageProblem.NotAnObject)]
    public async Task C73_what_is_not_one_message_is_a_typed_error_and_nothing_of_it_is_read(string text, MessageProblem problem)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync(text);
        await pair.Client.SendTextAsync("""{"type":"next"}""");

        var error = await Assert.ThrowsAsync<MessageFormatException>(() => pair.Server.ReadMessageAsync().Soon());
        Assert.Equal(problem, error.Problem);
        Assert.Equal("next", (await pair.Server.ReadMessageAsync().Soon()).Type);
    }

    [Theory]
    [InlineData("[1][2]")]
    [InlineData("[1]\n[2]")]
    [InlineData("[1],[2]")]
    [InlineData("[1] rubbish")]
    [InlineData("\uFEFF[1]")]
    [InlineData("")]
    [InlineData("7")]
    public async Task C73_what_is_not_one_value_is_a_typed_error_and_nothing_of_it_is_read(string text)
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync(text);
        await pair.Client.SendTextAsync("[3]");

        await Assert.ThrowsAsync<MessageFormatException>(() => pair.Server.ReadJsonAsync<int[]>().Soon());
        Assert.Equal(3, Assert.Single((await pair.Server.ReadJsonAsync<int[]>().Soon())!));
    }

    private sealed record Line(string User, string Text);
}
