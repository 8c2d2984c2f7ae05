using Waffle.WebSockets.Bench.Load.Generator;
using Waffle.WebSockets.Bench.Load.Generator.Runs;

namespace Waffle.WebSockets.BenchTests.Generator;

public sealed class PublicationsTests
{
    [Fact]
    public void They_go_to_one_room_after_the_other()
    {
        var publications = new Publications(window: 5, members: [1, 1]);

        Assert.Equal([(0, 0L), (1, 0L), (0, 1L), (1, 1L), (0, 2L)], Enumerable.Range(0, 5).Select(_ => publications.Begin()));
        Assert.Equal(5, publications.UnderWay);
        Assert.Throws<InvalidOperationException>(() => publications.Begin());
    }

    [Fact]
    public void One_that_has_reached_all_makes_room_for_another()
    {
        var publications = new Publications(window: 1, members: [3, 1]);
        publications.Begin();

        Assert.Equal(0, publications.Deliver(0, 0));
        Assert.Equal(0, publications.Deliver(0, 0));
        Assert.Equal("1 deliveries of publication 0", publications.DescribeOldest());
        Assert.Equal(1, publications.Deliver(0, 0));
        Assert.Equal((1, 0L), publications.Begin());
        Assert.Equal(1, publications.Deliver(1, 0));
        Assert.Equal(0, publications.UnderWay);
    }

    [Fact]
    public void One_that_is_done_before_an_older_one_waits_for_it()
    {
        var publications = new Publications(window: 2, members: [1, 1]);
        publications.Begin();
        publications.Begin();

        Assert.Equal(0, publications.Deliver(1, 0));
        Assert.Equal(2, publications.Deliver(0, 0));
    }

    [Fact]
    public void What_was_not_published_fails_the_run()
    {
        var publications = new Publications(window: 2, members: [1]);
        publications.Begin();
        Assert.Throws<RunFailedException>(() => publications.Deliver(0, 1));

        publications.Deliver(0, 0);
        Assert.Throws<RunFailedException>(() => publications.Deliver(0, 0));
    }
}
