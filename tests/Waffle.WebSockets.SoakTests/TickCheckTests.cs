using Waffle.WebSockets.Soak;
using Waffle.WebSockets.Soak.Clients;

namespace Waffle.WebSockets.SoakTests;

/// <summary>The clients of a soak notice what must not happen.</summary>
public class TickCheckTests
{
    private readonly TickCheck _check = new();

    [Fact]
    public void Numbers_from_the_join_on_are_right()
    {
        Assert.Null(_check.Add(Tick(7)));
        Assert.Null(_check.Join(new TickRange(6, 7)));
        Assert.Null(_check.Add(Tick(8)));
        Assert.Null(_check.Reach(8));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(6)]
    [InlineData(9)]
    public void One_that_is_doubled_old_or_missing_is_noticed(long next)
    {
        _check.Join(new TickRange(6, 6));
        Assert.Null(_check.Add(Tick(7)));

        Assert.NotNull(_check.Add(Tick(next)));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    [InlineData(8, false)]
    [InlineData(9, true)]
    public void The_first_must_be_from_behind_the_last_before_the_join_and_not_later_than_the_next_after_it(long first, bool isWrong)
    {
        Assert.Null(_check.Join(new TickRange(5, 7)));

        Assert.Equal(isWrong, _check.Add(Tick(first)) is not null);
    }

    [Fact]
    public void The_first_is_judged_although_the_answer_to_the_join_comes_after_it()
    {
        Assert.Null(_check.Add(Tick(9)));

        Assert.NotNull(_check.Join(new TickRange(5, 7)));
    }

    [Fact]
    public void What_was_sent_and_has_not_come_is_noticed()
    {
        _check.Join(new TickRange(5, 7));
        Assert.Null(_check.Reach(7));
        Assert.NotNull(_check.Reach(8));
        _check.Add(Tick(8));

        Assert.Null(_check.Reach(8));
        Assert.NotNull(_check.Reach(9));
    }

    [Fact]
    public void A_text_that_was_changed_is_noticed()
    {
        var number = Enumerable.Range(1, 100).First(candidate => Filler.For(candidate).Length > 100);

        Assert.Null(_check.Add(Tick(number)));
        Assert.NotNull(new TickCheck().Add(Tick(number) with { Text = Filler.For(number)[..^1] + "?" }));
    }

    private static Tick Tick(long number) => new("tea", number, Filler.For(number), "one");
}
