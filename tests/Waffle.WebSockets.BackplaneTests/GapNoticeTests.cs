using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>How the application and its clients hear that messages may be missing.</summary>
public sealed class GapNoticeTests : IAsyncLifetime
{
    private readonly InMemoryExchange _exchange = new();
    private readonly TaskCompletionSource _released = new();
    private LyingBackplane _engine = null!;
    private Cluster _cluster = null!;
    private Cluster.Member _member = null!;
    private int _told;

    public async ValueTask InitializeAsync()
    {
        _engine = new LyingBackplane(_exchange.Connect());
        _cluster = await Cluster.StartAsync(
            server => server == 0 ? _exchange.Connect() : _engine,
            servers: 2,
            configureHub: options =>
            {
                options.GapEvent = "gap";
                options.OnGap = (_, _) =>
                {
                    Interlocked.Increment(ref _told);
                    return _released.Task;
                };
            });
        _member = await _cluster.ConnectAsync(1, null, "tea");
    }

    public ValueTask DisposeAsync()
    {
        _released.TrySetResult();
        return _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Members_of_a_room_get_the_event_before_any_later_message()
    {
        await BroadcastAsync("one");
        _engine.Change = static (channel, message) => LyingBackplane.IsRoom(channel) ? [] : [message];
        await BroadcastAsync("lost");
        _engine.Change = null;
        await BroadcastAsync("two");
        Assert.Equal("one", await _member.NextTextAsync());
        Assert.Equal("""{"name":"gap","data":{"cause":"lost","room":"tea","missing":1}}""", await _member.NextTextAsync());
        Assert.Equal("two", await _member.NextTextAsync());
    }

    [Fact]
    public async Task Where_the_whole_hub_is_concerned_each_client_hears_so_once_and_once_for_each_room()
    {
        _engine.Receiver.OnMessagesDropped(null);
        var events = new[] { await _member.NextTextAsync(), await _member.NextTextAsync() };
        await BroadcastAsync("end");
        Assert.Equal(
            ["""{"name":"gap","data":{"cause":"overflow"}}""", """{"name":"gap","data":{"cause":"overflow","room":"tea"}}"""],
            events.OrderDescending(StringComparer.Ordinal));
        Assert.Equal("end", await _member.NextTextAsync());
    }

    [Fact]
    public async Task A_callback_that_does_not_return_holds_up_no_message()
    {
        _engine.Receiver.OnMessagesDropped(new ChannelScope(ScopeKind.Room, "tea").ToChannel("waffle"));
        await Wait.Eventually(() => Volatile.Read(ref _told) == 1, "the callback is called");
        await _member.NextTextAsync();
        await BroadcastAsync("goes on");
        Assert.Equal("goes on", await _member.NextTextAsync());
        Assert.Equal(1, Volatile.Read(ref _told));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x", 129)]
    public void An_event_without_a_name_or_with_one_too_long_is_refused_when_the_hub_is_made(string name, int times = 1)
    {
        var options = new WebSocketHubOptions { GapEvent = string.Concat(Enumerable.Repeat(name, times)) };
        Assert.Contains("GapEvent", Assert.Throws<ArgumentException>(() => new WebSocketHub(options)).Message, StringComparison.Ordinal);
    }

    private async Task BroadcastAsync(string text)
    {
        var seen = _engine.SeenInRooms;
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync(text);
        await Wait.Eventually(() => _engine.SeenInRooms > seen);
    }
}
