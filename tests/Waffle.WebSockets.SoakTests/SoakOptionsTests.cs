using Waffle.WebSockets.Soak.Report;

namespace Waffle.WebSockets.SoakTests;

public class SoakOptionsTests
{
    [Fact]
    public void The_minutes_alone_will_do()
    {
        var options = SoakOptions.Parse(["30"])!;

        Assert.Equal(
            (TimeSpan.FromMinutes(30), 500, 2, 1),
            (options.Duration, options.Clients, options.StalledPercent, options.HostilePercent));
        Assert.Equal(TimeSpan.FromSeconds(30), options.Interval);
    }

    [Fact]
    public void Each_option_has_its_value()
    {
        var options = SoakOptions.Parse(["0.5", "--seed", "7", "--clients", "20", "--hostile", "5", "--stalled", "0"])!;

        Assert.Equal(
            (TimeSpan.FromSeconds(30), 20, 0, 5, 7),
            (options.Duration, options.Clients, options.StalledPercent, options.HostilePercent, options.Seed));
    }

    [Fact]
    public void Two_servers_may_be_connected_and_the_engine_is_killed_every_twenty_seconds_unless_told_otherwise()
    {
        var options = SoakOptions.Parse(["30", "--backplane", "redis"])!;
        Assert.Equal((SoakBackplane.Redis, 20), (options.Backplane, options.OutageSeconds));
        options = SoakOptions.Parse(["30", "--backplane", "nats", "--outage", "7"])!;
        Assert.Equal((SoakBackplane.Nats, 7), (options.Backplane, options.OutageSeconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("1 --clients")]
    [InlineData("1 --clients 0")]
    [InlineData("1 --clients many")]
    [InlineData("1 --seconds 5")]
    [InlineData("1 --backplane rabbits")]
    [InlineData("1 --backplane nats --outage 0")]
    [InlineData("1 --stalled 60 --hostile 41")]
    public void What_makes_no_sense_is_refused(string arguments) =>
        Assert.Null(SoakOptions.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
