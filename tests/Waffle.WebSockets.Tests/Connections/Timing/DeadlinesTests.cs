using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Timing;

namespace Waffle.WebSockets.Tests.Connections.Timing;

public sealed class DeadlinesTests : IDeadlineOwner
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly List<Deadline> _elapsed = [];
    private readonly TimerWheel _wheel;
    private readonly Deadlines _deadlines;

    public DeadlinesTests()
    {
        _wheel = TimerWheel.For(_time);
        _deadlines = new Deadlines(_wheel, this);
    }

    void IDeadlineOwner.OnDeadline(Deadline deadline) => _elapsed.Add(deadline);

    [Fact]
    public void Each_deadline_elapses_in_its_turn_and_once()
    {
        _deadlines.Set(Deadline.Write, 3 * _second);
        _deadlines.Set(Deadline.Ping, _second);
        _deadlines.Set(Deadline.Close, 2 * _second);
        Assert.Equal(1, _wheel.Count);
        _time.Advance(10 * _second);

        Assert.Equal([Deadline.Ping, Deadline.Close, Deadline.Write], _elapsed);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void A_deadline_can_be_moved_and_cleared()
    {
        _deadlines.Set(Deadline.Read, _second);
        _deadlines.Set(Deadline.Write, _second);
        _deadlines.Set(Deadline.Message, _second);
        _deadlines.Set(Deadline.Read, 3 * _second);
        _deadlines.Clear(Deadline.Write);
        _deadlines.Set(Deadline.Message, TimeSpan.Zero);
        _time.Advance(2 * _second);
        Assert.Empty(_elapsed);
        _time.Advance(_second);

        Assert.Equal([Deadline.Read], _elapsed);
    }

    [Fact]
    public void All_but_some_can_be_cleared()
    {
        _deadlines.Set(Deadline.Read, _second);
        _deadlines.Set(Deadline.Write, 2 * _second);
        _deadlines.Set(Deadline.Quiet, 3 * _second);
        _deadlines.ClearAllBut(Deadline.Write, Deadline.Handled, Deadline.Quiet);
        _time.Advance(10 * _second);

        Assert.Equal([Deadline.Write, Deadline.Quiet], _elapsed);
    }

    [Fact]
    public void After_the_stop_nothing_elapses_and_nothing_can_be_set()
    {
        _deadlines.Set(Deadline.Read, _second);
        _deadlines.Stop();
        _deadlines.Set(Deadline.Write, _second);
        Assert.Equal(0, _wheel.Count);
        _time.Advance(10 * _second);

        Assert.Empty(_elapsed);
    }
}
