using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Tests.Protocol;

namespace Waffle.WebSockets.Tests.Connections.Timing;

public sealed class TimerWheelTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TimerWheel _wheel;

    public TimerWheelTests() => _wheel = TimerWheel.For(_time);

    [Fact]
    public void All_who_ask_with_the_same_clock_share_a_wheel()
    {
        Assert.Same(_wheel, TimerWheel.For(_time));
        Assert.NotSame(_wheel, TimerWheel.For(new FakeTimeProvider()));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(50, 1)]
    [InlineData(51, 2)]
    [InlineData(1000, 20)]
    public void A_time_is_rounded_up_to_ticks(int milliseconds, long ticks) =>
        Assert.Equal(ticks, TimerWheel.ToTicks(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(5000)]
    public void A_timer_elapses_at_its_tick_and_once(int ticks)
    {
        var timer = new Recorder(_wheel);
        _wheel.Schedule(timer, _wheel.Now + ticks);
        _time.Advance((ticks - 1) * TimerWheel.Resolution);
        Assert.Empty(timer.ElapsedAt);
        _time.Advance(1000 * TimerWheel.Resolution);

        Assert.Equal([ticks], timer.ElapsedAt);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void A_timer_that_is_scheduled_again_elapses_only_at_the_new_tick()
    {
        var timer = new Recorder(_wheel);
        _wheel.Schedule(timer, 10);
        _wheel.Schedule(timer, 3);
        _wheel.Schedule(timer, 5);
        Assert.Equal(1, _wheel.Count);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([5], timer.ElapsedAt);
    }

    [Fact]
    public void A_cancelled_timer_does_not_elapse()
    {
        var timers = Enumerable.Range(0, 3).Select(_ => new Recorder(_wheel)).ToArray();
        foreach (var timer in timers)
        {
            _wheel.Schedule(timer, 4);
        }

        _wheel.Cancel(timers[1]);
        _wheel.Cancel(timers[1]);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([1, 0, 1], timers.Select(timer => timer.ElapsedAt.Count));
    }

    [Fact]
    public void A_timer_may_schedule_itself_while_it_elapses_and_loses_no_tick()
    {
        var timer = new Recorder(_wheel) { Period = 3 };
        _wheel.Schedule(timer, 3);
        _time.Advance(30 * TimerWheel.Resolution);

        Assert.Equal([3, 6, 9, 12, 15, 18, 21, 24, 27, 30], timer.ElapsedAt);
    }

    [Fact]
    public void A_due_tick_in_the_past_means_the_next()
    {
        _wheel.Schedule(new Recorder(_wheel), 1);
        _time.Advance(TimerWheel.Resolution);
        var timer = new Recorder(_wheel);
        _wheel.Schedule(timer, 0);
        _time.Advance(TimerWheel.Resolution);

        Assert.Equal([2], timer.ElapsedAt);
    }

    [Fact]
    public void Scheduling_and_cancelling_allocate_nothing()
    {
        _wheel.Schedule(new Recorder(_wheel), 1000);
        var timer = new Recorder(_wheel);
        Assert.Equal(0, Allocation.Of(() =>
        {
            _wheel.Schedule(timer, 10);
            _wheel.Schedule(timer, 20);
            _wheel.Cancel(timer);
        }));
    }

    [Fact]
    public async Task Threads_may_schedule_and_cancel_while_time_passes()
    {
        var working = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var timer = new Recorder(_wheel);
            for (var i = 0; i < 10_000; i++)
            {
                _wheel.Schedule(timer, _wheel.Now + (i % 700));
                if (i % 3 == 0)
                {
                    _wheel.Cancel(timer);
                }
            }

            _wheel.Cancel(timer);
        })).ToArray();
        for (var i = 0; i < 1_000; i++)
        {
            _time.Advance(TimerWheel.Resolution);
        }

        await Task.WhenAll(working);
        _time.Advance(TimerWheel.Resolution);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void What_could_not_be_scheduled_does_not_elapse_and_the_wheel_goes_on()
    {
        var time = new StubbornTime();
        var wheel = TimerWheel.For(time);
        var timer = new Recorder(wheel);
        time.HasNoMemory = true;
        Assert.Throws<OutOfMemoryException>(() => wheel.Schedule(timer, 1));
        Assert.Equal(0, wheel.Count);

        time.HasNoMemory = false;
        var other = new Recorder(wheel);
        wheel.Schedule(other, 2);
        time.Advance(2 * TimerWheel.Resolution);

        Assert.Empty(timer.ElapsedAt);
        Assert.Equal([2], other.ElapsedAt);
    }

    private sealed class Recorder(TimerWheel wheel) : WheelTimer
    {
        public int Period { get; init; }

        public List<long> ElapsedAt { get; } = [];

        public override void OnElapsed()
        {
            ElapsedAt.Add(wheel.Now);
            if (Period > 0)
            {
                wheel.Schedule(this, wheel.Now + Period);
            }
        }
    }
}
