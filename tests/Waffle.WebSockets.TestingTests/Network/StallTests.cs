using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Network;

public sealed class StallTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_client_that_does_not_read_is_closed_with_1013_and_finds_the_close_when_it_reads_again()
    {
        CloseInfo? end = null;
        var options = new WebSocketHubOptions { OnDisconnected = (_, disconnect) => Task.FromResult(end = disconnect.Close) };
        await using var hub = new WebSocketHub(options, time: _time);
        await using var slow = await hub.ConnectTestClientAsync(
            connect => connect.ConfigureEndpoint = endpoint => endpoint.SendQueueMaxBytes = 10_000);
        await using var quick = await hub.ConnectTestClientAsync();
        slow.Network.ToClient.Stall();

        for (var i = 0; i < 100; i++)
        {
            await hub.BroadcastTextAsync(new string('x', 1_000));
        }

        Assert.Equal(100, (await quick.ReceiveAllAsync()).Count);
        slow.Network.ToClient.Resume();
        var close = await slow.Completion.Soon();
        await slow.WaitUntilLeftAsync();

        Assert.Equal(CloseCode.TryAgainLater, close.Code);
        Assert.Equal(CloseCause.SlowConsumer, end!.Cause);
        Assert.False(quick.Completion.IsCompleted);
    }

    [Fact]
    public async Task Messages_that_were_held_up_arrive_in_order()
    {
        await using var hub = new WebSocketHub(time: _time);
        await using var client = await hub.ConnectTestClientAsync();
        client.Network.ToClient.Stall();
        for (var i = 0; i < 5; i++)
        {
            await hub.BroadcastTextAsync($"{i}");
        }

        Assert.Empty(client.Unread);
        client.Network.ToClient.Resume();

        Assert.Equal(["0", "1", "2", "3", "4"], (await client.ReceiveAllAsync()).Select(message => message.Text));
    }

    [Fact]
    public async Task A_write_that_stands_still_ends_after_the_write_timeout()
    {
        CloseInfo? end = null;
        var options = new WebSocketHubOptions { OnDisconnected = (_, disconnect) => Task.FromResult(end = disconnect.Close) };
        await using var hub = new WebSocketHub(options, time: _time);
        await using var client = await hub.ConnectTestClientAsync(connect => connect.BufferSize = 1_000);
        client.Network.ToClient.Stall();
        await hub.BroadcastTextAsync(new string('x', 5_000));

        _time.Advance(TimeSpan.FromSeconds(11));
        await client.WaitUntilLeftAsync();

        Assert.Equal(CloseCause.WriteTimeout, end!.Cause);
    }

    [Fact]
    public async Task What_the_client_sends_waits_too()
    {
        await using var hub = new WebSocketHub(time: _time);
        await using var client = await hub.ConnectTestClientAsync(
            new MessageRouter().OnRequest<int, int>("double", (_, n, _) => Task.FromResult(2 * n)));
        client.Network.ToServer.Stall();

        var reply = client.RequestAsync<int>("double", 4);
        await hub.BroadcastTextAsync("the other way is open");
        Assert.Equal("the other way is open", await client.ReceiveTextAsync());
        Assert.False(reply.IsCompleted);
        client.Network.Resume();

        Assert.Equal(8, await reply);
    }

    [Fact]
    public async Task A_handler_that_does_not_read_is_found_by_the_unread_limit()
    {
        await using var hub = new WebSocketHub(time: _time);
        await using var client = await hub.ConnectTestClientAsync(
            (_, ct) => Wait.ForCancellationAsync(ct), options => options.ConfigureEndpoint = endpoint =>
                (endpoint.ReadAheadMessages, endpoint.PingInterval) = (1, TimeSpan.Zero));
        for (var i = 0; i < 4; i++)
        {
            await client.SendTextAsync("unread");
        }

        // The server's reads have stopped when a ping is not answered any more.
        var ping = client.PingAsync();
        await Wait.Eventually(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            return client.Completion.IsCompleted;
        });

        Assert.Equal(CloseCode.PolicyViolation, (await client.Completion).Code);
        await Assert.ThrowsAsync<ConnectionClosedException>(() => ping);
    }
}
