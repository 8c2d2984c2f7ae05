using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Routing;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>A handler that runs for 30 seconds is told of, and nothing else.</summary>
public sealed class SlowHandlerWatchTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly List<int> _told = [];
    private readonly SlowHandlerWatch _watch;

    public SlowHandlerWatchTests() => _watch = new SlowHandlerWatch(_time, _told.Add);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void A_client_that_says_nothing_is_no_slow_handler()
    {
        _watch.Begin();
        _watch.End();
        _time.Advance(_limit * 10);

        Assert.Empty(_told);
    }

    [Fact]
    public void Handlers_that_take_just_less_are_not_told_of()
    {
        for (var i = 0; i < 10; i++)
        {
            _watch.Begin();
            _time.Advance(_limit - TimerWheel.Resolution);
            _watch.End();
        }

        Assert.Empty(_told);
    }

    [Fact]
    public void Each_slow_handler_is_told_of_once_at_its_30_seconds()
    {
        _time.Advance(TimeSpan.FromSeconds(17));
        for (var round = 1; round <= 3; round++)
        {
            _watch.Begin();
            _time.Advance(_limit - TimerWheel.Resolution);
            Assert.Equal(round - 1, _told.Count);
            _time.Advance(TimerWheel.Resolution);
            Assert.Equal(round, _told.Count);
            _time.Advance(_limit * 3);
            Assert.Equal(round, _told.Count);
            _watch.End();
            _time.Advance(TimeSpan.FromSeconds(7));
        }

        Assert.All(_told, seconds => Assert.Equal(30, seconds));
    }

    [Fact]
    public void After_its_end_nothing_is_told_and_nothing_is_left_on_the_wheel()
    {
        _watch.Begin();
        _watch.Dispose();
        _time.Advance(_limit * 2);

        Assert.Empty(_told);
        Assert.Equal(0, TimerWheel.For(_time).Count);
    }
}
