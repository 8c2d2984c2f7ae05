using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Two hubs, of which the second has a backplane that is slow, refuses, breaks, or does not end.</summary>
public sealed class AdapterFaultTests : IAsyncLifetime
{
    private readonly InMemoryExchange _exchange = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LyingBackplane _engine = null!;
    private Cluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = new LyingBackplane(_exchange.Connect());
        _cluster = await Cluster.StartAsync(
            server => server == 0 ? _exchange.Connect() : _engine,
            servers: 2,
            static options =>
            {
                options.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
                options.JoinTimeout = TimeSpan.FromSeconds(20);
                options.MaxMessageSize = 64 * 1024;
                options.MaxPendingBytes = 64 * 1024;
            });
    }

    public ValueTask DisposeAsync()
    {
        _gate.TrySetResult();
        return _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Who_joins_while_the_last_ones_subscription_is_taken_back_waits_for_a_new_one()
    {
        var isAsked = new TaskCompletionSource();
        _engine.Unsubscribing = channel =>
        {
            isAsked.TrySetResult();
            return _gate.Task;
        };
        var member = await _cluster.ConnectAsync(1, null, "tea");
        Assert.True(await member.Client.LeaveAsync("tea"));
        await isAsked.Task.Soon();
        var joining = member.Client.JoinAsync("tea").AsTask();
        Assert.False(joining.IsCompleted);

        _gate.SetResult();
        Assert.Equal(JoinResult.Joined, await joining.Soon());
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("heard");
        Assert.Equal("heard", await member.NextTextAsync());
    }

    [Fact]
    public async Task For_one_channel_the_engine_is_asked_for_one_thing_at_a_time()
    {
        var (underWay, most) = (0, 0);
        _engine.Subscribing = _engine.Unsubscribing = channel =>
        {
            if (LyingBackplane.IsRoom(channel))
            {
                InterlockedMax(ref most, Interlocked.Increment(ref underWay));

                // Without a task, which an outage would leave behind: then the next is asked for with right.
                Thread.Yield();
                Interlocked.Decrement(ref underWay);
            }

            return Task.CompletedTask;
        };
        var member = await _cluster.ConnectAsync(1);
        for (var i = 0; i < 200; i++)
        {
            var joining = member.Client.JoinAsync("tea").AsTask();
            if (i % 3 == 0)
            {
                await joining.Soon();
            }

            if (i % 20 == 0)
            {
                _engine.Receiver.OnDisconnected(null);
                _engine.Receiver.OnConnected();
            }

            await member.Client.LeaveAsync("tea");
        }

        await _cluster.UntilAsync(1, EngineState.There);
        await Wait.Eventually(() => _cluster.RoomsSubscribedTo(1).Count == 0);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_room_that_the_engine_refuses_stops_nothing_else_and_is_told_when_it_comes()
    {
        var member = await _cluster.ConnectAsync(1, null, "tea", "refused");
        var refused = new ChannelScope(ScopeKind.Room, "refused").ToChannel("waffle");
        _engine.Subscribing = channel => channel == refused && !_gate.Task.IsCompleted ? throw new BackplaneException("No.") : Task.CompletedTask;
        _engine.Disconnect();
        await _cluster.UntilAsync(1, EngineState.Away);
        _engine.Connect();
        await _cluster.UntilAsync(1, EngineState.There);
        Assert.Equal(PublishStatus.Accepted, (await _cluster.Hubs[1].Room("tea").BroadcastTextAsync("mine")).Published);
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("theirs");
        Assert.Equal(["mine", "theirs"], new[] { await member.NextTextAsync(), await member.NextTextAsync() }.Order());

        _gate.SetResult();
        await Wait.Eventually(() => _cluster.Gaps[1].Any(static gap => gap is { Cause: GapCause.LateSubscription, Rooms: ["refused"] }));
    }

    [Fact]
    public async Task A_subscription_that_the_engine_ends_is_asked_for_again_and_the_gap_is_told()
    {
        var member = await _cluster.ConnectAsync(1, null, "tea");
        var asked = _engine.RoomsAskedFor;
        _engine.Receiver.OnSubscriptionLost(new ChannelScope(ScopeKind.Room, "tea").ToChannel("waffle"));
        await Wait.Eventually(() => _cluster.Gaps[1].Any(static gap => gap is { Cause: GapCause.LateSubscription, Rooms: ["tea"] }));
        Assert.Equal(asked + 1, _engine.RoomsAskedFor);
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("heard");
        Assert.Equal("heard", await member.NextTextAsync());
    }

    // What the engine confirms may be over before anybody hears of it.
    [Fact]
    public async Task A_subscription_that_the_engine_ends_before_it_was_seen_to_be_confirmed_is_asked_for_again()
    {
        var isFirst = true;
        _engine.Subscribing = channel =>
        {
            if (LyingBackplane.IsRoom(channel) && isFirst)
            {
                isFirst = false;
                _engine.Receiver.OnSubscriptionLost(channel);
            }

            return Task.CompletedTask;
        };
        var member = await _cluster.ConnectAsync(1, null, "tea");
        Assert.Equal(2, _engine.RoomsAskedFor);
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("heard");
        Assert.Equal("heard", await member.NextTextAsync());
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_its_listeners_are_told_also_where_nothing_follows()
    {
        var member = await _cluster.ConnectAsync(0, null, "tea");
        _engine.Publishing = channel => LyingBackplane.IsRoom(channel) ? _gate.Task : Task.CompletedTask;
        while ((await _cluster.Hubs[1].Room("tea").BroadcastTextAsync(new string('x', 1_000))).Published == PublishStatus.Accepted)
        {
        }

        _gate.SetResult();
        await Wait.Eventually(() => _cluster.Gaps[0].Any(static gap => gap is { Cause: GapCause.Lost, Server: "server 1", Rooms: ["tea"] }));
    }

    [Fact]
    public async Task What_is_too_long_is_refused_and_its_listeners_are_told()
    {
        var there = await _cluster.ConnectAsync(0, null, "tea");
        var here = await _cluster.ConnectAsync(1, null, "tea");
        var result = await _cluster.Hubs[1].Room("tea").BroadcastTextAsync(new string('x', 64 * 1024));
        Assert.Equal(new BroadcastResult(1, 0, 0, PublishStatus.Failed), result);
        Assert.Equal(64 * 1024, (await here.NextTextAsync()).Length);
        await Wait.Eventually(() => _cluster.Gaps[0].Any(static gap => gap is { Cause: GapCause.Lost, Missing: 1, Rooms: ["tea"] }));
    }

    [Fact]
    public async Task A_storm_of_drops_is_told_at_once_and_then_once_a_second()
    {
        await _cluster.ConnectAsync(1, null, "tea");
        for (var i = 0; i < 10_000; i++)
        {
            _engine.Receiver.OnMessagesDropped(null);
        }

        await Wait.Eventually(() => _cluster.Gaps[1].Count == 2);
        Assert.All(_cluster.Gaps[1], static gap => Assert.Equal(GapCause.Overflow, gap.Cause));
    }

    [Fact]
    public async Task A_subscription_that_ends_while_it_is_confirmed_is_asked_for_again()
    {
        var tea = new ChannelScope(ScopeKind.Room, "tea").ToChannel("waffle");
        var isFirst = true;
        _engine.Subscribing = channel =>
        {
            if (channel == tea && isFirst)
            {
                isFirst = false;
                _engine.Receiver.OnSubscriptionLost(tea);
            }

            return Task.CompletedTask;
        };
        await _cluster.ConnectAsync(1, null, "tea");
        Assert.Equal(2, _engine.RoomsAskedFor);
    }

    [Fact]
    public async Task Gaps_of_several_rooms_in_a_second_are_told_together_without_a_number()
    {
        await _cluster.ConnectAsync(1, null, "tea", "coffee");
        _engine.Change = static (channel, message) => LyingBackplane.IsRoom(channel) ? [] : [message];
        foreach (var room in new[] { "tea", "coffee" })
        {
            await _cluster.Hubs[0].Room(room).BroadcastTextAsync("one");
            var seen = _engine.SeenInRooms;
            await _cluster.Hubs[0].Room(room).BroadcastTextAsync("lost");
            await Wait.Eventually(() => _engine.SeenInRooms > seen);
        }

        _engine.Change = null;
        foreach (var text in new[] { "two", "three" })
        {
            await _cluster.Hubs[0].Room("tea").BroadcastTextAsync(text);
            await _cluster.Hubs[0].Room("coffee").BroadcastTextAsync(text);
        }

        _engine.Receiver.OnMessagesDropped(null);
        _engine.Receiver.OnMessagesDropped(new ChannelScope(ScopeKind.Room, "tea").ToChannel("waffle"));
        _engine.Receiver.OnMessagesDropped(new ChannelScope(ScopeKind.Room, "coffee").ToChannel("waffle"));
        await Wait.Eventually(() => _cluster.Gaps[1].Count(static gap => gap.Cause == GapCause.Overflow) == 2);
        var together = _cluster.Gaps[1].Last(static gap => gap.Cause == GapCause.Overflow);
        Assert.Equal(["coffee", "tea"], together.Rooms.Order());
        Assert.Null(together.Missing);
    }

    [Fact]
    public async Task A_hub_that_is_cut_off_at_once_is_gone_for_the_others()
    {
        _cluster.Hubs[1].Dispose();
        await Wait.Eventually(() => _cluster.Hubs[0].Servers.Count == 0, "it has said that it leaves");
    }

    [Fact]
    public async Task A_backplane_that_does_not_end_keeps_no_hub_from_ending()
    {
        _engine.Ending = () => _gate.Task;
        await _cluster.Hubs[1].DisposeAsync().AsTask().Soon();
    }

    [Fact]
    public async Task A_backplane_that_fails_at_its_end_does_not_make_the_hub_fail()
    {
        _engine.Ending = static () => throw new InvalidOperationException("No.");
        await _cluster.Hubs[1].DisposeAsync().AsTask().Soon();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
