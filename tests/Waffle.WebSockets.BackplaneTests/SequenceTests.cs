using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Backplane;

namespace Waffle.WebSockets.BackplaneTests;

public sealed class SequenceTests
{
    private readonly Guid _server = Guid.NewGuid();
    private readonly ReceivedSequences _received = new();

    [Fact]
    public void Each_number_is_taken_once_and_a_hole_is_told()
    {
        AssertTaken(1, missing: 0);
        AssertTaken(2, missing: 0);
        AssertNotTaken(2);
        AssertTaken(5, missing: 2);
        AssertNotTaken(3);
        AssertNotTaken(4);
        AssertTaken(6, missing: 0);
    }

    [Fact]
    public void Of_a_server_that_was_there_before_us_nobody_knows_what_came_before() => AssertTaken(100, missing: 0);

    [Fact]
    public void Of_a_server_that_came_after_us_the_first_must_be_the_first()
    {
        Assert.True(_received.TryAdvance(Header(3), isNewer: true, out var missing));
        Assert.Equal(2, missing);
    }

    [Fact]
    public void A_newer_epoch_begins_anew_and_an_older_one_is_over()
    {
        AssertTaken(7, missing: 0, epoch: 1);
        AssertTaken(1, missing: 0, epoch: 2);
        AssertNotTaken(8, epoch: 1);
        AssertTaken(3, missing: 2, epoch: 5);
    }

    [Fact]
    public void Servers_are_counted_apart()
    {
        AssertTaken(1, missing: 0);
        Assert.True(_received.TryAdvance(Header(1) with { Server = Guid.NewGuid() }, isNewer: false, out var missing));
        Assert.Equal(0, missing);
        AssertTaken(2, missing: 0);
    }

    [Fact]
    public void A_marker_tells_what_is_missing_at_the_end()
    {
        AssertTaken(3, missing: 0);
        Assert.Equal(0, _received.Mark(Header(3), isNewer: false));
        Assert.Equal(2, _received.Mark(Header(5), isNewer: false));
        Assert.Equal(0, _received.Mark(Header(5), isNewer: false));
        AssertTaken(6, missing: 0);
    }

    [Fact]
    public void A_marker_of_a_server_that_was_never_heard_tells_that_something_is_missing() => Assert.Equal(1, _received.Mark(Header(9), isNewer: false));

    [Fact]
    public void Who_is_gone_is_forgotten()
    {
        AssertTaken(5, missing: 0);
        _received.Remove(_server);
        AssertTaken(9, missing: 0);
    }

    [Fact]
    public void What_is_sent_is_numbered_for_each_channel_and_the_oldest_channel_counts_anew()
    {
        var sent = new SentSequences("p", capacity: 2, TimeProvider.System);
        Assert.Equal((1L, 1L), Next("a"));
        Assert.Equal((1L, 2L), Next("a"));
        Assert.Equal((2L, 1L), Next("b"));
        Assert.Equal((1L, 3L), Next("a"));
        Assert.Equal((3L, 1L), Next("c"));
        Assert.Equal((1L, 4L), Next("a"));
        Assert.Equal((4L, 1L), Next("b"));
        Assert.Null(sent.Find(Scope("c")));

        (long Epoch, long Last) Next(string name)
        {
            var sequence = sent.Next(Scope(name));
            return (sequence.Epoch, sequence.Last);
        }

        static ChannelScope Scope(string name) => new(ScopeKind.Room, name);
    }

    // A marker may be lost as well: its channel has to be marked again after the next outage.
    [Fact]
    public void Channels_that_were_used_of_late_are_found_also_when_it_was_for_a_marker()
    {
        var time = new FakeTimeProvider();
        var sent = new SentSequences("p", capacity: 10, time);
        ChannelScope[] scopes = [.. "abc".Select(static name => new ChannelScope(ScopeKind.Room, $"{name}"))];
        Assert.All(scopes, scope => sent.Next(scope));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(sent.UsedWithin(TimeSpan.FromSeconds(20)));
        Assert.NotNull(sent.Find(scopes[0]));
        Assert.Equal([scopes[0]], sent.UsedWithin(TimeSpan.FromSeconds(20)));
        sent.Next(scopes[1]);
        Assert.Equal([scopes[1], scopes[0]], sent.UsedWithin(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Of_recent_numbers_none_is_taken_twice()
    {
        var numbers = new RecentNumbers();
        Assert.True(numbers.TryAdd(2));
        Assert.True(numbers.TryAdd(1));
        Assert.Equal(false, numbers.TryAdd(2));
        Assert.Equal(false, numbers.TryAdd(1));
        Assert.True(numbers.TryAdd(5_000));
        Assert.Equal(false, numbers.TryAdd(5_000));
        Assert.True(numbers.TryAdd(5_001));
    }

    [Fact]
    public void Of_a_number_older_than_all_that_are_remembered_nobody_knows()
    {
        var numbers = new RecentNumbers();
        Assert.True(numbers.TryAdd(1_025));
        Assert.Null(numbers.TryAdd(1));
    }

    private EnvelopeHeader Header(long number, long epoch = 1) => new(EnvelopeKind.Message, _server, epoch, number);

    private void AssertTaken(long number, long missing, long epoch = 1)
    {
        Assert.True(_received.TryAdvance(Header(number, epoch), isNewer: false, out var actual));
        Assert.Equal(missing, actual);
    }

    private void AssertNotTaken(long number, long epoch = 1) => Assert.False(_received.TryAdvance(Header(number, epoch), isNewer: false, out _));
}
