using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Soak;
using Waffle.WebSockets.Soak.Clients;

namespace Waffle.WebSockets.SoakTests;

public class OthersCheckTests
{
    private static readonly TimeSpan _tooLong = TimeSpan.FromSeconds(16);

    private readonly FakeTimeProvider _time = new();
    private readonly OthersCheck _check;

    public OthersCheckTests() => _check = new OthersCheck(_time);

    [Fact]
    public void Each_begins_anywhere_and_goes_on_by_one()
    {
        Assert.Null(Add("one", 5));
        Assert.Null(Add("two", 9));
        Assert.Null(Add("one", 6));
        _time.Advance(_tooLong);
        Assert.Null(Add("one", 7));
        Assert.NotNull(_check.Add("one", 8, "something else"));
    }

    [Fact]
    public void Nothing_may_come_twice_or_late_also_after_a_gap()
    {
        Assert.Null(Add("one", 5));
        Assert.NotNull(Add("one", 5));
        _check.Tell();
        Assert.Null(Add("one", 8));
        Assert.NotNull(Add("one", 7));
    }

    [Fact]
    public void What_is_missing_must_be_told_before_or_soon_after()
    {
        Assert.Null(Add("one", 1));
        _check.Tell();
        Assert.Null(Add("one", 3));
        Assert.Null(Add("one", 5));
        _check.Tell();
        _time.Advance(_tooLong);
        Assert.Null(Add("one", 6));
        Assert.Null(Add("one", 8));
        _time.Advance(_tooLong);
        Assert.NotNull(Add("one", 9));
    }

    private string? Add(string source, long number) => _check.Add(source, number, Filler.For(number));
}
