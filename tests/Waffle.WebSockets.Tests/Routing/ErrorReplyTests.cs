using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>A message that fails costs only itself: its sender is told, and the connection stays.</summary>
public sealed class ErrorReplyTests
{
    private const string Ten = "xxxxxxxxxx";
    private const string LongType = $"{{\"type\":\"{Ten}{Ten}{Ten}{Ten}{Ten}{Ten}{Ten}{Ten}{Ten}{Ten}{Ten}{Ten}123456789\"}}";

    // With the message itself, 33 levels.
    private const string Deep = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}";

    [Fact]
    public async Task A_rejection_is_answered_with_its_code_and_text()
    {
        var router = new MessageRouter().On("chat",
            static (_, _, _) => throw new MessageRejectedException("not_a_member", "Join the room \"x\" first, é <b>."));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal(
            """{"type":"error","payload":{"code":"not_a_member","message":"Join the room \"x\" first, é <b>."},"id":"7"}""",
            await scene.AskAsync("""{"type":"chat","id":"7"}"""));
        Assert.Equal(
            """{"type":"error","payload":{"code":"not_a_member","message":"Join the room \"x\" first, é <b>."}}""",
            await scene.AskAsync("""{"type":"chat"}"""));
        Assert.Equal(CloseCause.PeerClosed, (await scene.CloseAsync()).Cause);
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_rejections_text_may_hold_half_a_surrogate_pair()
    {
        var router = new MessageRouter().On("chat", static (_, _, _) => throw new MessageRejectedException("too_long", "cut here: \uD83D"));
        await using var scene = await RouterScene.StartAsync(router);

        var reply = await scene.AskAsync("""{"type":"chat"}""");
        Assert.StartsWith("""{"type":"error","payload":{"code":"too_long","message":"cut here: """, reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_exception_is_logged_once_and_the_client_never_sees_its_text(bool isLate)
    {
        var router = new MessageRouter()
            .On("fail", isLate ? ThrowLateAsync : static (_, _, _) => throw new FormatException("password=secret"))
            .On("ping", static async (client, _, token) => await client.SendTextAsync("pong", default, token));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal(
            """{"type":"error","payload":{"code":"internal_error","message":"The message could not be handled."},"id":"7"}""",
            await scene.AskAsync("""{"type":"fail","payload":"private","id":"7"}"""));
        Assert.Equal("pong", await scene.AskAsync("""{"type":"ping"}"""));

        var line = Assert.Single(scene.Logs.Lines);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.IsType<FormatException>(line.Error);
        Assert.Contains(scene.Peer.Client.Connection.Id, line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("private", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("nonsense", "invalid_json")]
    [InlineData("{\"type\":\"chat\"", "invalid_json")]
    [InlineData("\uFEFF{\"type\":\"chat\"}", "invalid_json")]
    [InlineData("[]", "not_an_object")]
    [InlineData("7", "not_an_object")]
    [InlineData(" -7.5e3 ", "not_an_object")]
    [InlineData("-", "invalid_json")]
    [InlineData("\"cut", "invalid_json")]
    [InlineData("null", "not_an_object")]
    [InlineData("{\"type\":\"chat\"}{\"type\":\"chat\"}", "trailing_data")]
    [InlineData("{\"type\":\"chat\"}\n{\"type\":\"chat\"}", "trailing_data")]
    [InlineData("{\"type\":\"chat\"},{\"type\":\"chat\"}", "trailing_data")]
    [InlineData("{\"type\":\"chat\"} rubbish", "trailing_data")]
    [InlineData("{}", "missing_type")]
    [InlineData("{\"type\":7}", "invalid_type")]
    [InlineData("{\"type\":\"\"}", "invalid_type")]
    [InlineData("{\"type\":\"chat\",\"type\":\"chat\"}", "duplicate_member")]
    [InlineData("{\"type\":\"chat\",\"id\":7}", "invalid_id")]
    [InlineData(LongType, "type_too_long")]
    [InlineData($"{{\"type\":\"chat\",\"payload\":{Deep}", "too_deep")]
    public async Task A_malformed_message_is_answered_and_none_of_it_is_handled(string text, string code)
    {
        var handled = 0;
        var router = new MessageRouter()
            .On("chat", (_, _, _) => Task.FromResult(handled++))
            .On("ping", static async (client, _, token) => await client.SendTextAsync("pong", default, token));
        await using var scene = await RouterScene.StartAsync(router);

        for (var round = 0; round < 10; round++)
        {
            Assert.StartsWith(
                $$$"""{"type":"error","payload":{"code":"{{{code}}}","message":""", await scene.AskAsync(text), StringComparison.Ordinal);
            Assert.Equal("pong", await scene.AskAsync("""{"type":"ping"}"""));
        }

        Assert.Equal(0, handled);

        // That a limit was met is told once.
        Assert.True(scene.Logs.Lines.Count <= 1 && scene.Logs.Lines.All(line => line.Id.Id == 4002), "nothing else is logged");
    }

    [Fact]
    public async Task A_malformed_message_keeps_its_id_where_it_could_be_read()
    {
        await using var scene = await RouterScene.StartAsync(new MessageRouter());

        Assert.EndsWith(",\"id\":\"7\"}", await scene.AskAsync("""{"id":"7","type":7}"""), StringComparison.Ordinal);
        Assert.EndsWith(",\"id\":\"\"}", await scene.AskAsync("""{"id":"","type":7}"""), StringComparison.Ordinal);
        Assert.EndsWith("}}", await scene.AskAsync("""{"id":null,"type":7}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_room_or_client_that_is_not_there_is_no_fault()
    {
        var router = new MessageRouter()
            .On<string>("room", static (client, name, _) => Task.FromResult(client.Hub.GetRequiredRoom(name)))
            .On<string>("client", static (client, id, _) => Task.FromResult(client.Hub.GetRequiredClient(id)));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal(
            """{"type":"error","payload":{"code":"room_not_found","message":"There is no such room."},"id":"7"}""",
            await scene.AskAsync("""{"type":"room","payload":"nowhere","id":"7"}"""));
        Assert.Equal(
            """{"type":"error","payload":{"code":"client_not_found","message":"There is no such client."}}""",
            await scene.AskAsync("""{"type":"client","payload":"nobody"}"""));
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_binary_message_is_answered()
    {
        var router = new MessageRouter().On("ping", static async (client, _, token) => await client.SendTextAsync("pong", default, token));
        await using var scene = await RouterScene.StartAsync(router);

        await scene.Peer.Peer.SendBinaryAsync("""{"type":"ping"}"""u8.ToArray());

        Assert.Equal(
            """{"type":"error","payload":{"code":"text_expected","message":"Send messages as text."}}""", await scene.Peer.NextTextAsync());
        Assert.Equal("pong", await scene.AskAsync("""{"type":"ping"}"""));
    }

    [Fact]
    public async Task A_payload_that_a_handler_cannot_read_is_no_fault_of_the_servers()
    {
        var router = new MessageRouter().On("chat", static (_, message, _) => Task.FromResult(message.GetPayload<int>()));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Contains(
            "\"invalid_payload\"", await scene.AskAsync("""{"type":"chat","payload":"text","id":"7"}"""), StringComparison.Ordinal);
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_cancellation_of_the_handlers_own_is_a_fault_like_any_other()
    {
        var router = new MessageRouter().On("slow", static (_, _, _) => throw new OperationCanceledException("the database was slow"));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Contains("\"internal_error\"", await scene.AskAsync("""{"type":"slow"}"""), StringComparison.Ordinal);
        Assert.Single(scene.Logs.Lines);
        Assert.False(scene.Run.IsCompleted);
    }

    private static async Task ThrowLateAsync(HubClient client, TypedMessage message, CancellationToken cancellationToken)
    {
        await Task.Yield();
        throw new FormatException("password=secret");
    }
}
