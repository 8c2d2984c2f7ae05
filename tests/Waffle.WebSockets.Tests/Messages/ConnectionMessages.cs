using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Messages;

/// <summary>Messages read from a connection as JSON: a bad one is a typed error, all of it is gone, and the connection stays.</summary>
public sealed class ConnectionMessages
{
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

    [Fact]
    public async Task A_binary_message_is_a_typed_error()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendBinaryAsync("""{"type":"a"}"""u8.ToArray());
        await pair.Client.SendBinaryAsync("[1]"u8.ToArray());
        await pair.Client.SendTextAsync("[3]");

        await Assert.ThrowsAsync<UnexpectedMessageKindException>(() => pair.Server.ReadMessageAsync().Soon());
        await Assert.ThrowsAsync<UnexpectedMessageKindException>(() => pair.Server.ReadJsonAsync<int[]>().Soon());
        Assert.Equal(3, Assert.Single((await pair.Server.ReadJsonAsync<int[]>().Soon())!));
    }

    [Fact]
    public async Task All_messages_are_read_up_to_the_closing_handshake()
    {
        await using var pair = ConnectionPair.Create();
        await pair.Client.SendTextAsync("""{"type":"a"}""");
        await pair.Client.SendTextAsync("""{"type":"b","payload":null,"id":"7"}""");
        await pair.Client.SendCloseAsync();

        var texts = new List<string>();
        await foreach (var message in pair.Server.ReadAllMessagesAsync())
        {
            texts.Add(Encoding.UTF8.GetString(message.ToUtf8Json()));
        }

        Assert.Equal(["""{"type":"a"}""", """{"type":"b","payload":null,"id":"7"}"""], texts);
    }
}
