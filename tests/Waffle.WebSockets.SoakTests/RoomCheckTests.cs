using Waffle.WebSockets.Soak;
using Waffle.WebSockets.Soak.Clients;

namespace Waffle.WebSockets.SoakTests;

public class RoomCheckTests
{
    private readonly RoomCheck _check = new("me", saidBefore: 3);

    [Fact]
    public void What_another_says_begins_anywhere_and_goes_on_by_one()
    {
        Assert.Null(_check.Add(Remark("you", 5)));
        Assert.Null(_check.Add(Remark("you", 6)));
        Assert.NotNull(_check.Add(Remark("you", 8)));
        Assert.NotNull(_check.Add(Remark("you", 8)));
    }

    [Fact]
    public void What_one_says_oneself_comes_back_from_the_first_word_to_the_last()
    {
        var joined = new TickRange(0, 0);
        _check.Ticks.Join(joined);
        Assert.Null(_check.Add(Remark("me", 4)));
        Assert.Null(_check.Leave(joined, said: 4));
        Assert.NotNull(_check.Leave(joined, said: 5));

        Assert.NotNull(new RoomCheck("me", saidBefore: 3).Add(Remark("me", 5)));
    }

    [Fact]
    public void Who_leaves_has_had_what_was_sent_before()
    {
        _check.Ticks.Join(new TickRange(4, 4));

        Assert.Null(_check.Leave(new TickRange(4, 5), said: 3));
        Assert.NotNull(_check.Leave(new TickRange(5, 5), said: 3));
    }

    private static Remark Remark(string from, long number) =>
        new() { From = from, Room = "tea", Number = number, Text = Filler.For(number) };
}
