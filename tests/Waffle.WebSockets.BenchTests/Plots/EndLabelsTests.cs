using Waffle.WebSockets.Bench.Plots;

namespace Waffle.WebSockets.BenchTests.Plots;

public sealed class EndLabelsTests
{
    [Fact]
    public void Labels_with_room_stay_where_they_belong() =>
        Assert.Equal([50, 10, 90], EndLabels.Spread([50, 10, 90], gap: 10, lowest: 0, highest: 100));

    [Fact]
    public void Labels_that_would_overlap_are_moved_apart_in_their_order() =>
        Assert.Equal([60, 50, 70], EndLabels.Spread([51, 50, 52], gap: 10, lowest: 0, highest: 100));

    [Fact]
    public void Labels_at_the_lower_end_are_pushed_back() =>
        Assert.Equal([80, 90, 100], EndLabels.Spread([95, 99, 100], gap: 10, lowest: 0, highest: 100));
}
