using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>What a request's handler returns goes back under the request's type and id; what it throws, as any error.</summary>
public sealed class RequestTests
{
    [Theory]
    [InlineData("""{"type":"add","payload":[1,2],"id":"7"}""", """{"type":"add","payload":3,"id":"7"}""")]
    [InlineData("""{"id":"7","payload":[1,2],"type":"add","more":[]}""", """{"type":"add","payload":3,"id":"7"}""")]
    [InlineData("""{"type":"add","payload":[1,2]}""", """{"type":"add","payload":3}""")]
    [InlineData("""{"type":"add","payload":[1,2],"id":null}""", """{"type":"add","payload":3}""")]
    [InlineData("""{"type":"add","payload":[1,2],"id":""}""", """{"type":"add","payload":3,"id":""}""")]
    [InlineData("""{"type":"a\u0064d","payload":[1,2],"id":"\"é\u0041"}""", """{"type":"add","payload":3,"id":"\"éA"}""")]
    public async Task The_reply_has_the_type_and_the_id_of_the_request(string request, string reply)
    {
        await using var scene = await RouterScene.StartAsync(
            new MessageRouter().OnRequest<int[], int>("add", static (_, numbers, _) => Task.FromResult(numbers.Sum())));

        Assert.Equal(reply, await scene.AskAsync(request));
        Assert.Empty(scene.Logs.Lines);
    }

    [Theory]
    [InlineData("""{"type":"count","id":"7"}""")]
    [InlineData("""{"type":"count","payload":null,"id":"7"}""")]
    [InlineData("""{"type":"count","payload":{"of":"whatever"},"id":"7"}""")]
    public async Task A_request_that_says_nothing_more_needs_no_payload(string request)
    {
        await using var scene = await RouterScene.StartAsync(
            new MessageRouter().OnRequest("count", static (client, _) => Task.FromResult(client.Hub.Count)));

        Assert.Equal("""{"type":"count","payload":1,"id":"7"}""", await scene.AskAsync(request));
    }

    [Fact]
    public async Task The_reply_is_written_with_the_hubs_JSON_options()
    {
        var router = new MessageRouter().OnRequest<string, Person>("who", static (_, name, _) => Task.FromResult(new Person(name, null)));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal(
            """{"type":"who","payload":{"firstName":"Ann","lastName":null},"id":"1"}""",
            await scene.AskAsync("""{"type":"who","payload":"Ann","id":"1"}"""));
    }

    [Fact]
    public async Task A_null_reply_is_a_payload_too()
    {
        var router = new MessageRouter()
            .OnRequest<int, string?>("find", static (_, _, _) => Task.FromResult<string?>(null))
            .OnRequest<int?, int?>("same", static (_, number, _) => Task.FromResult(number));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal("""{"type":"find","payload":null,"id":"7"}""", await scene.AskAsync("""{"type":"find","payload":1,"id":"7"}"""));
        Assert.Equal("""{"type":"same","payload":null}""", await scene.AskAsync("""{"type":"same"}"""));
    }

    [Fact]
    public async Task Replies_come_in_the_order_of_the_requests_however_long_each_takes()
    {
        var gate = new TaskCompletionSource();
        var router = new MessageRouter().OnRequest<int, int>("square", async (_, number, _) =>
        {
            if (number == 1)
            {
                await gate.Task;
            }

            return number * number;
        });
        await using var scene = await RouterScene.StartAsync(router);
        for (var i = 1; i <= 3; i++)
        {
            await scene.SendAsync($$"""{"type":"square","payload":{{i}},"id":"{{i}}"}""");
        }

        gate.SetResult();

        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal($$"""{"type":"square","payload":{{i * i}},"id":"{{i}}"}""", await scene.Peer.NextTextAsync());
        }
    }

    [Theory]
    [InlineData("rejects", "too_many", false)]
    [InlineData("rejects late", "too_many", false)]
    [InlineData("fails", "internal_error", true)]
    [InlineData("fails late", "internal_error", true)]
    [InlineData("no task", "internal_error", true)]
    public async Task What_the_handler_throws_is_answered_with_the_id(string behavior, string code, bool isLogged)
    {
        var router = new MessageRouter().OnRequest<string, int>("count", static (_, behavior, _) => behavior switch
        {
            "rejects" => throw new MessageRejectedException("too_many", "Too many."),
            "rejects late" => ThrowLateAsync(new MessageRejectedException("too_many", "Too many.")),
            "fails" => throw new FormatException("secret"),
            "fails late" => ThrowLateAsync(new FormatException("secret")),
            _ => null!,
        });
        await using var scene = await RouterScene.StartAsync(router);

        var reply = await scene.AskAsync($$"""{"type":"count","payload":"{{behavior}}","id":"7"}""");

        Assert.StartsWith($$$"""{"type":"error","payload":{"code":"{{{code}}}",""", reply, StringComparison.Ordinal);
        Assert.EndsWith(",\"id\":\"7\"}", reply, StringComparison.Ordinal);
        Assert.Equal(isLogged ? 1 : 0, scene.Logs.Lines.Count);
    }

    [Fact]
    public async Task A_payload_that_is_no_request_is_answered_with_the_id_and_the_handler_not_called()
    {
        await using var scene = await RouterScene.StartAsync(
            new MessageRouter().OnRequest<int[], int>("add", static (_, _, _) => throw new InvalidOperationException("not to be called")));

        foreach (var payload in new[] { "\"text\"", "null", "[1.5]" })
        {
            var reply = await scene.AskAsync($$"""{"type":"add","payload":{{payload}},"id":"7"}""");
            Assert.Contains("\"invalid_payload\"", reply, StringComparison.Ordinal);
            Assert.EndsWith(",\"id\":\"7\"}", reply, StringComparison.Ordinal);
        }

        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_reply_that_cannot_be_written_is_a_fault_and_nothing_of_it_is_sent()
    {
        var router = new MessageRouter()
            .OnRequest<int, double>("ratio", static (_, number, _) => Task.FromResult(number / 0d));
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal(
            """{"type":"error","payload":{"code":"internal_error","message":"The message could not be handled."},"id":"7"}""",
            await scene.AskAsync("""{"type":"ratio","payload":1,"id":"7"}"""));
        Assert.Single(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_reply_to_nobody_is_no_fault()
    {
        var (started, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var router = new MessageRouter().OnRequest<int, int>("slow", async (_, number, _) =>
        {
            started.SetResult();
            await gate.Task;
            return number;
        });
        await using var scene = await RouterScene.StartAsync(router);
        await scene.SendAsync("""{"type":"slow","payload":1,"id":"7"}""");
        await started.Task.Soon();

        scene.Peer.Client.Connection.Abort();
        gate.SetResult();

        Assert.Equal(CloseCause.Aborted, (await scene.Run.Soon()).Cause);
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public void It_is_a_types_handler_like_any_other()
    {
        var router = new MessageRouter().OnRequest<int, int>("echo", static (_, number, _) => Task.FromResult(number));

        Assert.Throws<ArgumentException>(() => router.On<int>("echo", static (_, _, _) => Task.CompletedTask));
        Assert.Throws<ArgumentException>(() => router.OnRequest<int, int>(string.Empty, static (_, number, _) => Task.FromResult(number)));
        Assert.Throws<ArgumentNullException>(() => router.OnRequest<int, int>("other", null!));
    }

    private static async Task<int> ThrowLateAsync(Exception error)
    {
        await Task.Yield();
        throw error;
    }

    private sealed record Person(string FirstName, string? LastName);
}
