using Waffle.WebSockets.AspNetCore;

namespace Waffle.WebSockets.Tests.AspNetCore.Drain;

/// <summary>A drain is over before its host loses patience.</summary>
public sealed class DrainTimesTests
{
    [Theory]
    [InlineData(30, 25, 1)]
    [InlineData(25, 20, 1)]
    [InlineData(10, 8, 1)]
    [InlineData(5, 4, 0.5)]
    [InlineData(1, 0.8, 0.1)]
    [InlineData(0, 0, 0)]
    public void It_cuts_a_fifth_before_the_hosts_time_or_5_s_and_leaves_half_of_that_to_others(double patience, double cut, double lastMoment)
    {
        Assert.Equal(TimeSpan.FromSeconds(cut), DrainTimes.UntilCut(TimeSpan.FromSeconds(patience)));
        Assert.Equal(TimeSpan.FromSeconds(lastMoment), DrainTimes.LastMoment(TimeSpan.FromSeconds(patience)));
    }

    [Fact]
    public void A_host_that_waits_for_ever_is_waited_for()
    {
        Assert.Equal(Timeout.InfiniteTimeSpan, DrainTimes.UntilCut(Timeout.InfiniteTimeSpan));
        Assert.Equal(Timeout.InfiniteTimeSpan, DrainTimes.UntilCut(TimeSpan.MaxValue));
        Assert.Equal(TimeSpan.FromSeconds(1), DrainTimes.LastMoment(Timeout.InfiniteTimeSpan));
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(10, 200)]
    [InlineData(125, 100)]
    [InlineData(1_250, 10)]
    public void The_turn_of_all_comes_in_the_first_half_of_the_time(int batches, int pause) =>
        Assert.Equal(TimeSpan.FromMilliseconds(pause), DrainTimes.Pause(new WebSocketDrainOptions(), batches));
}
