using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Two hubs whose engine goes away and comes back, with the clock in the test's hand.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _interval = new BackplaneOptions().HeartbeatInterval;

    private readonly InMemoryExchange _exchange = new();
    private readonly FakeTimeProvider _time = new();
    private LyingBackplane[] _engines = [];
    private Cluster _cluster = null!;
    private TimeSpan _passed;

    public async ValueTask InitializeAsync()
    {
        _engines = [new LyingBackplane(_exchange.Connect()), new LyingBackplane(_exchange.Connect())];
        _cluster = await Cluster.StartAsync(server => _engines[server], servers: 2, time: _time);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
        {
            engine.IsSilent = false;
        }

        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task C97_after_an_outage_what_is_subscribed_to_is_what_is_wanted_and_a_gap_is_told()
    {
        var stays = await _cluster.ConnectAsync(1, null, "kept", "left");
        await DisconnectAsync(1);

        // Nobody knows how long it takes: a join does not wait for it.
        Assert.Equal(JoinResult.Joined, await stays.Client.JoinAsync("joined").AsTask().Soon());
        await stays.Client.LeaveAsync("left");
        Assert.Equal(PublishStatus.Failed, (await _cluster.Hubs[1].Room("kept").BroadcastTextAsync("here only")).Published);
        Assert.Equal("here only", await stays.NextTextAsync());

        _engines[1].Connect();
        await Wait.Eventually(() => _cluster.Gaps[1].Any(static gap => gap.Cause == GapCause.Outage));
        var gap = _cluster.Gaps[1].Single(static gap => gap.Cause == GapCause.Outage);
        Assert.Equal(["joined", "kept"], gap.Rooms.Order());
        Assert.True(gap.IsHub);
        foreach (var room in new[] { "left", "joined", "kept" })
        {
            await _cluster.Hubs[0].Room(room).BroadcastTextAsync(room);
        }

        Assert.Equal(["joined", "kept"], new[] { await stays.NextTextAsync(), await stays.NextTextAsync() }.Order());
    }

    [Fact]
    public async Task What_could_not_be_published_is_a_gap_for_those_who_would_have_got_it()
    {
        var member = await _cluster.ConnectAsync(1, null, "tea");
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("one");
        Assert.Equal("one", await member.NextTextAsync());
        await DisconnectAsync(0);
        Assert.Equal(PublishStatus.Failed, (await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("lost")).Published);
        _engines[0].Connect();
        await Wait.Eventually(() => !_cluster.Gaps[1].IsEmpty);
        var gap = Assert.Single(_cluster.Gaps[1]);
        Assert.Equal((GapCause.Lost, 1L), (gap.Cause, gap.Missing));
        Assert.Equal(["tea"], gap.Rooms);
    }

    [Fact]
    public async Task An_engine_that_answers_nothing_is_found_after_two_heartbeats()
    {
        var member = await _cluster.ConnectAsync(1, null, "tea");
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("one");
        Assert.Equal("one", await member.NextTextAsync());
        _engines[0].IsSilent = true;
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(PublishStatus.Accepted, (await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("waits")).Published);
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await Wait.Eventually(async () => (await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("lost")).Published == PublishStatus.Failed);

        _engines[0].IsSilent = false;
        await Wait.Eventually(async () =>
        {
            await AdvanceAsync(TimeSpan.FromSeconds(5));
            return (await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("back")).Published == PublishStatus.Accepted;
        });
        await Wait.Eventually(() => _cluster.Gaps[1].Any(static gap => gap.Cause == GapCause.Lost));
    }

    [Fact]
    public async Task A_server_that_is_not_heard_for_its_lease_is_gone()
    {
        await _cluster.ConnectAsync(0, null, "tea");
        await _cluster.ConnectAsync(1, null, "tea");
        _engines[1].IsSilent = true;
        var asking = _cluster.Hubs[0].Room("tea").CountEverywhereAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        var count = await asking.Soon();
        Assert.Equal(1, count.Count);
        Assert.Equal(["server 1"], count.Unanswered);

        await AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.Empty(_cluster.Hubs[0].Servers);
        var alone = await _cluster.Hubs[0].Room("tea").CountEverywhereAsync();
        Assert.Equal(1, alone.Count);
        Assert.Empty(alone.Unanswered);
    }

    [Fact]
    public async Task A_join_does_not_wait_for_a_subscription_longer_than_its_time_and_the_gap_is_told()
    {
        var member = await _cluster.ConnectAsync(1);
        _engines[1].IsSilent = true;
        var joining = member.Client.JoinAsync("tea").AsTask();
        await AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(JoinResult.Joined, await joining.Soon());
        Assert.Empty(_cluster.Gaps[1]);

        _engines[1].IsSilent = false;
        await Wait.Eventually(() => _cluster.Gaps[1].Any(static gap => gap is { Cause: GapCause.LateSubscription, Rooms: ["tea"] }));
    }

    [Fact]
    public async Task After_an_outage_longer_than_the_lease_nobody_takes_old_numbers_for_lost_messages()
    {
        var member = await _cluster.ConnectAsync(1, null, "tea");
        for (var i = 0; i < 100; i++)
        {
            await _cluster.Hubs[0].Room("tea").BroadcastTextAsync($"{i}");
            Assert.Equal($"{i}", await member.NextTextAsync());
        }

        await DisconnectAsync(1);
        await AdvanceAsync(TimeSpan.FromSeconds(20));
        _engines[1].Connect();
        await _cluster.UntilAsync(1, EngineState.There);
        await Wait.Eventually(async () =>
        {
            await AdvanceAsync(TimeSpan.FromSeconds(5));
            return _cluster.Hubs[1].Servers.Count == 1;
        });
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("after");
        Assert.Equal("after", await member.NextTextAsync());
        Assert.Equal([GapCause.Outage], _cluster.Gaps[1].Select(static gap => gap.Cause).Distinct());
    }

    [Fact]
    public async Task Servers_that_did_not_hear_each_other_for_a_time_tell_that_something_may_be_missing()
    {
        await _cluster.ConnectAsync(1, null, "tea");
        await AdvanceAsync(TimeSpan.FromSeconds(10));

        // Each hears itself: neither is away.
        _engines[1].Change = (_, message) => IsOf(message, server: 0) ? [] : [message];
        await AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(BackplaneStatus.Connected, _cluster.Hubs[1].BackplaneStatus);
        Assert.Empty(_cluster.Hubs[1].Servers);
        _engines[1].Change = null;
        await Wait.Eventually(async () =>
        {
            await AdvanceAsync(TimeSpan.FromSeconds(5));
            return _cluster.Gaps[1].Any(static gap => gap is { Cause: GapCause.Lost, Server: "server 0", IsHub: true, Rooms: ["tea"] });
        });
    }

    [Fact]
    public async Task What_the_driver_had_taken_when_the_connection_broke_is_a_gap_for_those_who_did_not_get_it()
    {
        var member = await _cluster.ConnectAsync(1, null, "tea");
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("one");
        Assert.Equal("one", await member.NextTextAsync());
        _engines[1].Change = static (channel, message) => LyingBackplane.IsRoom(channel) ? [] : [message];
        var seen = _engines[1].SeenInRooms;
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync("lost");
        await Wait.Eventually(() => _engines[1].SeenInRooms > seen);
        _engines[1].Change = null;
        await DisconnectAsync(0);
        _engines[0].Connect();
        await Wait.Eventually(() => _cluster.Gaps[1].Any(static gap => gap is { Cause: GapCause.Lost, Missing: 1, Rooms: ["tea"] }));
    }

    [Fact]
    public async Task A_connection_of_which_the_driver_says_nothing_more_is_found_again()
    {
        // Our subscription to the heartbeats is lost, and the driver does not know.
        _engines[1].Change = static (channel, message) => LyingBackplane.IsOfServers(channel) ? [] : [message];
        await Wait.Eventually(async () =>
        {
            await AdvanceAsync(TimeSpan.FromSeconds(5));
            return _cluster.Hubs[1].BackplaneStatus == BackplaneStatus.Away;
        });
        _engines[1].Change = null;
        await Wait.Eventually(async () =>
        {
            await AdvanceAsync(TimeSpan.FromSeconds(5));
            return _cluster.Hubs[1].BackplaneStatus == BackplaneStatus.Connected;
        });
    }

    [Fact]
    public async Task A_count_says_whether_it_may_be_incomplete()
    {
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        await Wait.Eventually(async () => (await _cluster.Hubs[1].CountEverywhereAsync()).IsComplete);
        await DisconnectAsync(1);
        await AdvanceAsync(TimeSpan.FromSeconds(20));
        var count = await _cluster.Hubs[1].CountEverywhereAsync().Soon();
        Assert.False(count.IsComplete);
    }

    [Fact]
    public async Task C92_who_comes_and_goes_while_the_engine_is_away_leaves_nothing_behind()
    {
        await DisconnectAsync(1);
        var before = _cluster.Hubs[1].Bridge!.Link.Subscriptions.Count;
        for (var i = 0; i < 100; i++)
        {
            var member = await _cluster.ConnectAsync(1, null, $"room {i}", $"other {i}");
            member.Client.Connection.Abort();
        }

        await Wait.Eventually(() => _cluster.Hubs[1].Count == 0);
        await Wait.Eventually(() => _cluster.Hubs[1].Bridge!.Link.Subscriptions.Count == before);
    }

    [Fact]
    public async Task C96_while_the_engine_answers_nothing_everything_else_goes_on_and_the_stop_ends()
    {
        var member = await _cluster.ConnectAsync(1, null, "tea");
        _engines[1].IsSilent = true;
        for (var i = 0; i < 1_000; i++)
        {
            await _cluster.Hubs[1].Room("tea").BroadcastTextAsync($"{i}");
        }

        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal($"{i}", await member.NextTextAsync());
        }

        Assert.True(await member.Client.LeaveAsync("tea"));
        var stopping = _cluster.Hubs[1].DisposeAsync().AsTask();
        await Wait.Eventually(async () =>
        {
            await AdvanceAsync(TimeSpan.FromSeconds(1));
            return stopping.IsCompleted;
        });
    }

    // An envelope begins with a mark, a version, its kind and its server.
    private bool IsOf(byte[] message, int server) =>
        new Guid(message.AsSpan(3, 16)) == _cluster.Hubs[server].Bridge!.Link.Id;

    private async Task DisconnectAsync(int server)
    {
        _engines[server].Disconnect();
        await _cluster.UntilAsync(server, EngineState.Away);
    }

    // In small steps, so that what is due in between comes in its order; and no faster than heartbeats come back.
    private async Task AdvanceAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += _step)
        {
            var seen = _engines.Select(static engine => engine.EchoesSeen).ToArray();
            _time.Advance(_step);
            _passed += _step;
            if (_passed.Ticks % _interval.Ticks != 0)
            {
                await Task.Yield();
                continue;
            }

            for (var i = 0; i < _engines.Length; i++)
            {
                var (engine, before) = (_engines[i], seen[i]);
                await Wait.Eventually(() => engine.IsSilent || engine.EchoesSeen > before, $"the heartbeat of server {i} comes back");
            }
        }
    }
}
