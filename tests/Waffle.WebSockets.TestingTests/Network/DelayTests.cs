using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Testing;
using Waffle.WebSockets.TestingTests.Verbs;

namespace Waffle.WebSockets.TestingTests.Network;

public sealed class DelayTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_message_arrives_so_much_later_by_the_applications_clock()
    {
        await using var hub = new WebSocketHub(time: _time);
        await using var client = await hub.ConnectTestClientAsync();
        client.Network.ToClient.Delay(TimeSpan.FromMilliseconds(300));
        await hub.BroadcastTextAsync("late");
        var message = client.ReceiveTextAsync();

        _time.Advance(TimeSpan.FromMilliseconds(299));
        Assert.False(message.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("late", await message);
    }

    [Fact]
    public async Task Each_message_has_its_own_delay_and_none_overtakes_another()
    {
        await using var hub = new WebSocketHub(time: _time);
        await using var client = await hub.ConnectTestClientAsync();
        client.Network.ToClient.Delay(TimeSpan.FromSeconds(2));
        await hub.BroadcastTextAsync("first");
        _time.Advance(TimeSpan.FromSeconds(1));
        await hub.BroadcastTextAsync("second");
        client.Network.ToClient.Delay(TimeSpan.Zero);
        await hub.BroadcastTextAsync("third");

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("first", await client.ReceiveTextAsync());
        Assert.Empty(client.Unread);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("second", await client.ReceiveTextAsync());
        Assert.Equal("third", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task The_servers_round_trip_time_is_the_delay_of_both_ways()
    {
        await using var hub = new WebSocketHub(time: _time);
        await using var client = await hub.ConnectTestClientAsync();
        client.Network.Delay(TimeSpan.FromMilliseconds(150));
        var connection = hub.Clients.Single().Connection;

        var ping = connection.PingAsync();
        await Wait.Eventually(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            return ping.IsCompleted;
        });

        Assert.True(await ping >= TimeSpan.FromMilliseconds(300), $"It took {await ping}.");
    }

    [Fact]
    public async Task The_end_of_the_stream_is_delayed_too()
    {
        await using var hub = new WebSocketHub(time: _time);
        await using var client = await hub.ConnectTestClientAsync();
        client.Network.ToServer.Delay(TimeSpan.FromSeconds(5));

        await client.EndStreamAsync();
        Assert.Equal(1, hub.Count);
        _time.Advance(TimeSpan.FromSeconds(5));

        await client.WaitUntilLeftAsync();
        Assert.Equal(0, hub.Count);
    }

    [Fact]
    public async Task What_is_under_way_when_the_network_is_cut_does_not_arrive()
    {
        var read = new List<string>();
        await using var hub = new WebSocketHub(time: _time);
        await using var client = await hub.ConnectTestClientAsync(new MessageRouter().On("chat", (_, message, _) =>
        {
            read.Add(message.Type);
            return Task.CompletedTask;
        }));
        client.Network.ToServer.Delay(TimeSpan.FromSeconds(1));
        await client.SendMessageAsync("chat");

        client.Network.Cut();
        _time.Advance(TimeSpan.FromSeconds(9));
        _time.Advance(TimeSpan.FromSeconds(32));
        await client.WaitUntilLeftAsync();

        Assert.Empty(read);
    }

    [Fact]
    public async Task On_the_systems_clock_a_delay_is_a_real_one()
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        await using var __ = client;
        client.Network.Delay(TimeSpan.FromMilliseconds(5));

        await client.SendTextAsync("there and back");

        Assert.Equal("there and back", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_negative_delay_is_an_argument_error()
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        await using var __ = client;

        Assert.Throws<ArgumentOutOfRangeException>(() => client.Network.Delay(TimeSpan.FromMilliseconds(-1)));
    }
}
