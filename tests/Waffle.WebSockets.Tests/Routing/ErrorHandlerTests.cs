using Microsoft.Extensions.Logging;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>The application's own hook for messages that fail.</summary>
public sealed class ErrorHandlerTests
{
    private const string Fault =
        """{"type":"error","payload":{"code":"internal_error","message":"The message could not be handled."},"id":"7"}""";

    private static readonly string[] _messages =
    [
        """{"type":"fail","id":"7"}""", """{"type":"reject","payload":1}""", """{"type":"number","payload":"text","id":""}""",
        """{"id":"8","type":7}""", """{"type":"number","id":9}""", "nonsense",
    ];

    private readonly List<string> _heard = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_hears_of_all_that_goes_wrong_with_type_and_id_as_far_as_they_can_be_read(bool isFiltered)
    {
        var router = CreateRouter((context, error) =>
        {
            _heard.Add($"{context.Client.Id} {context.Kind} {context.Type ?? "-"} {context.Id ?? "-"} {error.GetType().Name}");
            return ValueTask.FromResult(true);
        });
        if (isFiltered)
        {
            router.Use(static (context, next) => next(context));
        }

        await using var scene = await RouterScene.StartAsync(router);
        foreach (var message in _messages)
        {
            await scene.SendAsync(message);
        }

        await scene.Peer.Peer.SendBinaryAsync(new byte[1]);

        Assert.Equal("pong", await scene.AskAsync("""{"type":"ping"}"""));
        Assert.Equal(
            [
                "ann Text fail 7 FormatException", "ann Text reject - MessageRejectedException", "ann Text number  MessageFormatException",
                "ann Text - 8 MessageFormatException", "ann Text number - MessageFormatException", "ann Text - - MessageFormatException",
                "ann Binary - - UnexpectedMessageKindException",
            ],
            _heard);
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task C74_ten_bad_messages_between_good_ones_cost_only_themselves()
    {
        (string Text, string Heard)[] bad =
        [
            ("""{"type":"chat","payload":[1],"id":"a"}""", "chat a InvalidPayload"),
            ("""{"type":7,"id":"b"}""", "- b InvalidType"),
            ("""{"type":"chat","payload":{},"id":7}""", "chat - InvalidId"),
            ("""{"payload":{},"id":"c"}""", "- c MissingType"),
            ("""{"type":"chat","id":"d","type":"chat"}""", "chat d DuplicateMember"),
        ];
        bad = [.. bad, .. bad];
        var handled = new List<int>();
        var router = new MessageRouter()
            .On<Chat>("chat", (_, chat, _) =>
            {
                handled.Add(chat.Number);
                return Task.CompletedTask;
            })
            .OnError((context, error) =>
            {
                _heard.Add($"{context.Type ?? "-"} {context.Id ?? "-"} {Assert.IsType<MessageFormatException>(error).Problem}");
                return ValueTask.FromResult(false);
            });
        await using var scene = await RouterScene.StartAsync(router);
        for (var i = 0; i < bad.Length; i++)
        {
            await scene.SendAsync($$$"""{"type":"chat","payload":{"number":{{{i}}}}}""");
            Assert.StartsWith("""{"type":"error",""", await scene.AskAsync(bad[i].Text), StringComparison.Ordinal);
        }

        await scene.SendAsync($$$"""{"type":"chat","payload":{"number":{{{bad.Length}}}}}""");
        Assert.Equal(CloseCause.PeerClosed, (await scene.CloseAsync()).Cause);
        Assert.Equal(bad.Select(message => message.Heard), _heard);
        Assert.Equal(Enumerable.Range(0, bad.Length + 1), handled);
    }

    [Fact]
    public async Task Where_it_does_nothing_the_sender_gets_the_usual_reply_and_a_fault_is_logged()
    {
        var router = CreateRouter((_, error) =>
        {
            _heard.Add(error.GetType().Name);
            return ValueTask.FromResult(false);
        });
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Contains("\"rejected\"", await scene.AskAsync("""{"type":"reject"}"""), StringComparison.Ordinal);
        Assert.Contains("\"invalid_json\"", await scene.AskAsync("nonsense"), StringComparison.Ordinal);
        Assert.Empty(scene.Logs.Lines);
        Assert.Equal(Fault, await scene.AskAsync("""{"type":"fail","id":"7"}"""));

        var line = Assert.Single(scene.Logs.Lines);
        Assert.Equal((LogLevel.Error, 3001), (line.Level, line.Id.Id));
        Assert.IsType<FormatException>(line.Error);
        Assert.Equal(3, _heard.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task If_it_throws_both_errors_are_logged_and_the_usual_reply_is_sent(bool isLate)
    {
        var router = CreateRouter(async (_, _) =>
        {
            if (isLate)
            {
                await Task.Yield();
            }

            throw new InvalidOperationException("the hook's own");
        });
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal(Fault, await scene.AskAsync("""{"type":"fail","id":"7"}"""));
        Assert.Equal([3003, 3001], scene.Logs.Lines.Select(line => line.Id.Id));
        Assert.Equal([typeof(InvalidOperationException), typeof(FormatException)], scene.Logs.Lines.Select(line => line.Error!.GetType()));
        Assert.Equal("pong", await scene.AskAsync("""{"type":"ping"}"""));
    }

    [Fact]
    public async Task It_may_answer_in_its_own_way()
    {
        var router = CreateRouter(static async (context, error) =>
        {
            await context.Client.SendTypedMessageAsync("oops", $"{context.Id} {error.Message}");
            return true;
        });
        await using var scene = await RouterScene.StartAsync(router);

        Assert.Equal("""{"type":"oops","payload":"7 No."}""", await scene.AskAsync("""{"type":"reject","id":"7"}"""));
        Assert.Equal("pong", await scene.AskAsync("""{"type":"ping"}"""));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_may_close_the_connection(bool isDone)
    {
        var router = CreateRouter((context, _) =>
        {
            context.Client.Connection.BeginClose(CloseCode.PolicyViolation, "Behave.");
            return ValueTask.FromResult(isDone);
        });
        await using var scene = await RouterScene.StartAsync(router);

        await scene.SendAsync("""{"type":"reject"}""");
        await scene.SendAsync("""{"type":"ping"}""");

        Assert.Equal("Behave.", (await scene.Peer.Peer.ExpectCloseAsync(CloseCode.PolicyViolation)).CloseReason);
        await scene.Peer.Peer.SendCloseAsync(1008);
        Assert.Equal(CloseCause.ClosedHere, (await scene.Run.Soon()).Cause);
        Assert.Null(await scene.Peer.Peer.ReadFrameAsync());
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task A_hook_that_is_called_off_with_its_client_is_no_fault()
    {
        var started = new TaskCompletionSource();
        var router = CreateRouter(async (context, _) =>
        {
            started.SetResult();
            await Wait.ForCancellationAsync(context.CancellationToken);
            return true;
        });
        await using var scene = await RouterScene.StartAsync(router);
        await scene.SendAsync("""{"type":"reject"}""");
        await started.Task.Soon();

        scene.Peer.Client.Connection.Abort();

        Assert.Equal(CloseCause.Aborted, (await scene.Run.Soon()).Cause);
        Assert.Empty(scene.Logs.Lines);
    }

    [Fact]
    public async Task It_hears_nothing_of_a_handler_that_is_called_off()
    {
        var started = new TaskCompletionSource();
        var router = CreateRouter((_, error) =>
        {
            _heard.Add(error.GetType().Name);
            return ValueTask.FromResult(true);
        }).On("wait", (_, _, token) =>
        {
            started.SetResult();
            return Wait.ForCancellationAsync(token);
        });
        await using var scene = await RouterScene.StartAsync(router);
        await scene.SendAsync("""{"type":"wait"}""");
        await started.Task.Soon();

        scene.Peer.Client.Connection.Abort();

        await scene.Run.Soon();
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task There_is_one_and_it_is_set_before_the_first_message()
    {
        var router = new MessageRouter();
        Assert.Throws<ArgumentNullException>(() => router.OnError(null!));
        await using (await RouterScene.StartAsync(router))
        {
            Assert.Throws<InvalidOperationException>(() => router.OnError(static (_, _) => ValueTask.FromResult(true)));
        }

        router = new MessageRouter().OnError(static (_, _) => ValueTask.FromResult(true));
        Assert.Throws<InvalidOperationException>(() => router.OnError(static (_, _) => ValueTask.FromResult(true)));
    }

    private static MessageRouter CreateRouter(Func<MessageContext, Exception, ValueTask<bool>> onError) => new MessageRouter()
        .On("fail", static (_, _, _) => throw new FormatException("secret"))
        .On("reject", static (_, _, _) => throw new MessageRejectedException("rejected", "No."))
        .On<int>("number", static (_, _, _) => Task.CompletedTask)
        .On("ping", static async (client, _, token) => await client.SendTextAsync("pong", default, token))
        .OnError(onError);

    private sealed record Chat(int Number);
}
