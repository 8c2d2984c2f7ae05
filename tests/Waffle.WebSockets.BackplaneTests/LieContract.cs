using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.TestKit.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Two hubs, of which the second hears what a liar makes of it; a class for each engine inherits the tests.</summary>
public abstract class LieContract : IAsyncLifetime
{
    private IEngine _engine = null!;
    private LyingBackplane _liar = null!;
    private Cluster _cluster = null!;
    private Cluster.Member _member = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await StartEngineAsync();
        _liar = new LyingBackplane(_engine.Connect());
        _cluster = await Cluster.StartAsync(server => server == 0 ? _engine.Connect() : _liar, servers: 2);
        _member = await _cluster.ConnectAsync(1, null, "tea");
        await SendAsync("begin");
        Assert.Equal("begin", await _member.NextTextAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _engine.DisposeAsync();
        GC.SuppressFinalize(this);
        AssertBoreAll(_cluster, _liar);
    }

    protected abstract Task<IEngine> StartEngineAsync();

    [Fact]
    public async Task What_comes_twice_is_delivered_once()
    {
        _liar.Change = static (_, message) => [message, message, message];
        await SendAsync("one");
        await SendAsync("two");
        Assert.Equal("one", await _member.NextTextAsync());
        Assert.Equal("two", await _member.NextTextAsync());
        Assert.Empty(_cluster.Gaps[1]);
    }

    [Fact]
    public async Task What_is_lost_is_told_with_the_room_and_the_number_and_the_server()
    {
        _liar.Change = static (channel, message) => LyingBackplane.IsRoom(channel) ? [] : [message];
        await SendAsync("lost");
        await SendAsync("lost, too");
        _liar.Change = null;
        await SendAsync("heard");
        Assert.Equal("heard", await _member.NextTextAsync());
        var gap = await OnlyGapAsync();
        Assert.Equal((GapCause.Lost, 2L, "server 0", false), (gap.Cause, gap.Missing, gap.Server, gap.IsHub));
        Assert.Equal(["tea"], gap.Rooms);
    }

    [Fact]
    public async Task What_comes_out_of_order_is_a_hole_and_never_delivered_backwards()
    {
        byte[]? held = null;
        _liar.Change = (channel, message) =>
        {
            if (!LyingBackplane.IsRoom(channel))
            {
                return [message];
            }

            if (held is null)
            {
                held = message;
                return [];
            }

            return [message, held];
        };
        await SendAsync("first");
        await SendAsync("second");
        _liar.Change = null;
        await SendAsync("third");
        Assert.Equal("second", await _member.NextTextAsync());
        Assert.Equal("third", await _member.NextTextAsync());
        Assert.Equal(1, (await OnlyGapAsync()).Missing);
    }

    [Fact]
    public async Task C99_what_is_no_envelope_is_skipped_and_the_next_true_message_arrives()
    {
        byte[][] garbage = [[], "null"u8.ToArray(), new byte[1_000], "W"u8.ToArray(), [(byte)'W', 9, 1, 2, 3], new byte[64 * 1024 * 1024]];
        foreach (var bytes in garbage)
        {
            _liar.Change = (channel, message) => LyingBackplane.IsRoom(channel) ? [bytes, message[..(message.Length / 2)], message] : [bytes, message];
            await SendAsync("true");
            Assert.Equal("true", await _member.NextTextAsync());
        }
    }

    [Fact]
    public async Task What_was_changed_on_its_way_counts_as_lost()
    {
        var random = new Random(1);
        _liar.Change = (channel, message) =>
        {
            var changed = message.ToArray();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            return LyingBackplane.IsRoom(channel) ? [changed] : [message];
        };
        for (var i = 0; i < 500; i++)
        {
            await SendAsync($"{i}");
        }

        _liar.Change = null;
        await SendAsync("end");
        Assert.Empty(await _member.TextsUpToAsync("end"));
        Assert.Equal(500, (await OnlyGapAsync()).Missing);
    }

    [Fact]
    public async Task What_was_dropped_on_the_way_is_a_gap()
    {
        _liar.Receiver.OnMessagesDropped(null);
        var gap = await OnlyGapAsync();
        Assert.Equal((GapCause.Overflow, null, true), (gap.Cause, gap.Missing, gap.IsHub));
        Assert.Equal(["tea"], gap.Rooms);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_a_liar_makes_of_it_nothing_comes_twice_or_backwards_and_every_hole_is_told(int seed)
    {
        const int Messages = 200;
        var liar = new LyingBackplane(_engine.Connect());
        await using var cluster = await Cluster.StartAsync(
            server => server == 0 ? _engine.Connect() : liar,
            servers: 2,
            static options => options.HubName = "mixed",
            static options => options.GapEvent = NumberedRoom.GapEvent);
        var tea = await NumberedRoom.CreateAsync(cluster, "tea");
        var (lies, seen) = (new RandomLies(seed), liar.SeenInRooms);
        liar.Change = lies.Change;
        for (var i = 0; i < Messages; i++)
        {
            await tea.BroadcastAsync();
        }

        // Of both servers: its own come back to it.
        await Wait.Eventually(() => liar.SeenInRooms >= seen + (2 * Messages), "the liar has had them all");
        liar.Change = null;
        await tea.UntilAllAreHeardAsync();
        await tea.AssertAllWasHeardOrToldAsync();
        Assert.All(Enum.GetValues<Lie>(), lie => Assert.Contains(lie, lies.Told));
        AssertBoreAll(cluster, liar);
    }

    private static void AssertBoreAll(Cluster cluster, LyingBackplane liar)
    {
        Assert.Empty(liar.Thrown);
        Assert.DoesNotContain(cluster.Logs.Lines, static line => line.Error is not null);
    }

    // The callback is called on its own.
    private async Task<HubGap> OnlyGapAsync()
    {
        await Wait.Eventually(() => !_cluster.Gaps[1].IsEmpty, "a gap is told");
        return Assert.Single(_cluster.Gaps[1]);
    }

    // Until it has come through the liar.
    private async Task SendAsync(string text)
    {
        var seen = _liar.SeenInRooms;
        await _cluster.Hubs[0].Room("tea").BroadcastTextAsync(text);
        await Wait.Eventually(() => _liar.SeenInRooms > seen, "it has come");
    }
}
