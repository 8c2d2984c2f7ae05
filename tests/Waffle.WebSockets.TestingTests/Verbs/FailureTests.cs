using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Verbs;

/// <summary>What a test is told that expects something in vain.</summary>
public sealed class FailureTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_message_that_does_not_come_is_told_with_what_came_instead()
    {
        await using var hub = new WebSocketHub(time: new FakeTimeProvider());
        await using var client = await hub.ConnectTestClientAsync(options => options.Patience = _short);
        await hub.BroadcastEventAsync("user_joined", new { user = "ann" });
        await client.ReceiveEventAsync("user_joined");
        await hub.BroadcastTypedMessageAsync("chat", "Hello!");
        client.Network.ToClient.Stall();

        var failure = await Assert.ThrowsAsync<WebSocketTestException>(() => client.ReceiveMessageAsync("caht"));

        Assert.Contains("No message of the type \"caht\" came within 0.05 s.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("The connection is open.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("""{"name":"user_joined","data":{"user":"ann"}}""", failure.Message, StringComparison.Ordinal);
        Assert.Contains("The network to the client is stalled.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("to the server is stalled", failure.Message, StringComparison.Ordinal);
        Assert.Contains("clock is the test's", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_is_told_at_once_and_after_what_came_before()
    {
        await using var hub = new WebSocketHub();
        await using var client = await hub.ConnectTestClientAsync();
        await hub.BroadcastTextAsync("bye");
        var waiting = client.ReceiveMessageAsync("chat");
        await hub.CloseAsync(CloseCode.ServiceRestart, "Back soon.");

        var end = await Assert.ThrowsAsync<ConnectionClosedException>(() => waiting);
        Assert.Equal((CloseCode.ServiceRestart, "Back soon.", CloseCause.PeerClosed), (end.Close.Code, end.Close.Reason, end.Close.Cause));
        Assert.Equal("bye", await client.ReceiveTextAsync());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => client.ReceiveAsync());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => client.SendTextAsync("too late"));
        await Assert.ThrowsAsync<ConnectionClosedException>(() => client.PingAsync());
        await Assert.ThrowsAsync<ConnectionClosedException>(() => client.ReceiveNothingAsync());
    }

    [Fact]
    public async Task Nothing_is_told_from_something()
    {
        await using var hub = new WebSocketHub(time: new FakeTimeProvider());
        await using var client = await hub.ConnectTestClientAsync();
        await client.ReceiveNothingAsync();
        await hub.BroadcastTextAsync("something");

        var failure = await Assert.ThrowsAsync<WebSocketTestException>(() => client.ReceiveNothingAsync());

        Assert.Contains("something", failure.Message, StringComparison.Ordinal);
        Assert.Equal("something", await client.ReceiveTextAsync());
        await client.ReceiveNothingAsync();
    }

    [Fact]
    public async Task All_that_was_accepted_is_received_however_much_it_is()
    {
        await using var hub = new WebSocketHub(time: new FakeTimeProvider());
        await using var client = await hub.ConnectTestClientAsync(options => options.BufferSize = 1_000);
        for (var i = 0; i < 400; i++)
        {
            await hub.BroadcastTextAsync($"{i} {new string('x', 2_000)}");
        }

        var all = await client.ReceiveAllAsync();

        Assert.Equal(Enumerable.Range(0, 400), all.Select(message => int.Parse(message.Text.Split(' ')[0], provider: null)));
        Assert.Empty(await client.ReceiveAllAsync());
    }

    [Fact]
    public async Task A_server_that_does_not_read_is_told()
    {
        var (hub, client) = await EchoClient.ConnectAsync(new FakeTimeProvider(), options => (options.Patience, options.BufferSize) = (_short, 100));
        await using var _ = hub;
        client.Network.ToServer.Stall();

        var failure = await Assert.ThrowsAsync<WebSocketTestException>(() => client.SendBinaryAsync(new byte[1_000]));

        Assert.Contains("The server reads nothing", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<WebSocketTestException>(() => client.PingAsync());
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_handler_that_does_not_end_is_told_and_left_behind()
    {
        var gate = new TaskCompletionSource();
        await using var hub = new WebSocketHub(time: new FakeTimeProvider());
        await using var client = await hub.ConnectTestClientAsync((_, _) => gate.Task, options => options.Patience = _short);

        var failure = await Assert.ThrowsAsync<WebSocketTestException>(() => client.CloseAsync());

        Assert.Contains("did not end", failure.Message, StringComparison.Ordinal);
        gate.SetResult();
        await Wait.Eventually(() => hub.Count == 0);
    }

    [Fact]
    public async Task A_connect_callback_that_waits_for_the_client_can_be_left_to_itself()
    {
        var gate = new TaskCompletionSource();
        await using var hub = new WebSocketHub(new WebSocketHubOptions { OnConnected = (_, _) => gate.Task });

        var failure = await Assert.ThrowsAsync<WebSocketTestException>(() => hub.ConnectTestClientAsync(options => options.Patience = _short));
        await using var client = await hub.ConnectTestClientAsync(options => options.WaitForConnectCallback = false);

        Assert.Contains("WaitForConnectCallback", failure.Message, StringComparison.Ordinal);
        gate.SetResult();
        await Wait.Eventually(() => hub.Count == 1);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task An_option_that_makes_no_sense_is_named(int bufferSize, int patience)
    {
        await using var hub = new WebSocketHub();

        var error = await Assert.ThrowsAsync<ArgumentException>(() => hub.ConnectTestClientAsync(
            options => (options.BufferSize, options.Patience) = (bufferSize, TimeSpan.FromSeconds(patience))));

        Assert.Contains(bufferSize == 0 ? "BufferSize is 0" : "Patience is 00:00:00", error.Message, StringComparison.Ordinal);
    }
}
