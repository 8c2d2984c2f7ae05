using System.Text;
using System.Text.Json;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>Which handler gets which message, as what, and in which order.</summary>
public sealed class RoutingTests
{
    private static readonly string[] _many = [.. Enumerable.Range(0, 500).Select(i => $"{i}")];

    [Fact]
    public async Task Each_type_has_its_handler()
    {
        var router = new MessageRouter()
            .On("raw", static (client, message, token) => ReplyAsync(client, $"raw {message.Payload} {message.Id}", token))
            .On<Line>("line", static (client, line, token) => ReplyAsync(client, $"line {line.Text}", token))
            .On<int>("number", static (client, number, token) => ReplyAsync(client, $"number {number}", token))
            .OnUnknown(static (client, message, token) => ReplyAsync(client, $"unknown {message.Type} {message.Payload}", token));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal("""raw {"a": [1]} 7""", await scene.AskAsync("""{"type":"raw","payload":{"a": [1]},"id":"7"}"""));
        Assert.Equal("line hi", await scene.AskAsync("""{"type":"line","payload":{"TEXT":"hi"}}"""));
        Assert.Equal("number 7", await scene.AskAsync("""{"payload":7,"type":"number"}"""));
        Assert.Equal("unknown Line 1", await scene.AskAsync("""{"type":"Line","payload":1}"""));
        Assert.Equal("line escaped", await scene.AskAsync("""{"type":"l\u0069ne","payload":{"text":"escaped"}}"""));
        Assert.Equal("unknown lıne ", await scene.AskAsync("""{"type":"lıne"}"""));
        Assert.Equal(CloseCause.PeerClosed, (await scene.CloseAsync()).Cause);
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task An_unknown_type_is_ignored_where_nobody_wants_it()
    {
        await using var scene = await RouterScene.StartAsync(new MessageRouter().On("ping",
            static (client, _, token) => ReplyAsync(client, "pong", token)));

        await scene.SendAsync("""{"type":"nobody","payload":1,"id":"1"}""");

        Assert.Equal("pong", await scene.AskAsync("""{"type":"ping"}"""));
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task Messages_are_handled_one_after_another_in_their_order()
    {
        var underWay = 0;
        var handled = new List<string>();
        var router = new MessageRouter().On<string>("n", async (_, number, _) =>
        {
            Assert.Equal(1, Interlocked.Increment(ref underWay));
            await Task.Yield();
            handled.Add(number);
            Assert.Equal(0, Interlocked.Decrement(ref underWay));
        });
        await using var scene = await RouterScene.StartAsync(router);

        foreach (var number in _many)
        {
            await scene.SendAsync($$"""{"type":"n","payload":"{{number}}"}""");
        }

        await scene.CloseAsync();
        Assert.Equal(_many, handled);
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_null_or_absent_payload_is_handed_on_where_the_type_can_be_null()
    {
        var router = new MessageRouter()
            .On<int?>("number", static (client, n, token) => ReplyAsync(client, n is null ? "no number" : $"number {n}", token))
            .On("raw", static (client, message, token) => ReplyAsync(client, $"raw {message.Payload.IsAbsent}", token));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal("no number", await scene.AskAsync("""{"type":"number","payload":null}"""));
        Assert.Equal("no number", await scene.AskAsync("""{"type":"number"}"""));
        Assert.Equal("number 7", await scene.AskAsync("""{"type":"number","payload":7}"""));
        Assert.Equal("raw False", await scene.AskAsync("""{"type":"raw","payload":null}"""));
        Assert.Equal("raw True", await scene.AskAsync("""{"type":"raw"}"""));
    }

    [Theory]
    [InlineData("text", """{"type":"text","payload":null,"id":"7"}""")]
    [InlineData("text", """{"type":"text","id":"7"}""")]
    [InlineData("number", """{"type":"number","payload":null,"id":"7"}""")]
    [InlineData("number", """{"type":"number","id":"7"}""")]
    [InlineData("line", """{"type":"line","payload":[1],"id":"7"}""")]
    [InlineData("line", """{"type":"line","payload":{"text":7},"id":"7"}""")]
    public async Task A_payload_that_is_not_what_the_handler_takes_is_answered(string type, string message)
    {
        var router = new MessageRouter()
            .On<string>("text", static (_, _, _) => throw new InvalidOperationException("not to be called"))
            .On<int>("number", static (_, _, _) => throw new InvalidOperationException("not to be called"))
            .On<Line>("line", static (_, _, _) => throw new InvalidOperationException("not to be called"));
        await using var scene = await RouterScene.StartAsync(router);
        Assert.Contains(type, message, StringComparison.Ordinal);

        Assert.Equal(
            """{"type":"error","payload":{"code":"invalid_payload","message":"The content of the message is not of the expected form."},"id":"7"}""",
            await scene.AskAsync(message));
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_message_can_be_routed_without_the_loop()
    {
        var router = new MessageRouter().On<Line>("line", static (client, line, token) => ReplyAsync(client, line.Text, token));
        await using var scene = await RouterScene.StartAsync(new MessageRouter());
        var client = scene.Peer.Client;

        await router.RouteAsync(client, Encoding.UTF8.GetBytes("""{"type":"line","payload":{"text":"from bytes"}}"""));
        Assert.Equal("from bytes", await scene.Peer.NextTextAsync());
        await router.RouteAsync(client, TypedMessage.Create("line", new Line("from a message")));
        Assert.Equal("from a message", await scene.Peer.NextTextAsync());
        await router.RouteAsync(client, TypedMessage.Create("line", 7, "id"));
        Assert.Contains("\"invalid_payload\"", await scene.Peer.NextTextAsync(), StringComparison.Ordinal);
        await router.RouteAsync(client, new byte[] { 0xFF });
        Assert.Contains("\"invalid_json\"", await scene.Peer.NextTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_router_serves_hubs_with_different_JSON_options()
    {
        var router = new MessageRouter().On<Line>("line",
            static (client, line, token) => ReplyAsync(client, line.Text ?? "nothing", token));
        await using var web = await RouterScene.StartAsync(router);
        await using var strict = await RouterScene.StartAsync(router, serializerOptions: JsonSerializerOptions.Default);
        const string Message = """{"type":"line","payload":{"text":"hi"}}""";

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal("hi", await web.AskAsync(Message));
            Assert.Equal("nothing", await strict.AskAsync(Message));
        }
    }

    private static async Task ReplyAsync(HubClient client, string text, CancellationToken cancellationToken) =>
        await client.SendTextAsync(text, default, cancellationToken);

    internal sealed record Line(string Text);
}
