using Waffle.WebSockets.Soak.Report;

namespace Waffle.WebSockets.SoakTests;

public class ShortSoakTests
{
    /// <summary>A few seconds of what docs/testing.md tells of: it keeps the command alive. Slow leaks need a longer run.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("redis")]
    [InlineData("nats")]
    public async Task A_few_seconds_of_soak_disturb_nobody_and_leave_nothing(string backplane)
    {
        var options = new SoakOptions
        {
            Duration = TimeSpan.FromSeconds(6),
            Clients = 60,
            Seed = 6455,
            StalledPercent = 5,
            HostilePercent = 40,
            Backplane = Enum.Parse<SoakBackplane>(backplane, ignoreCase: true),
            OutageSeconds = 2,
        };
        var output = new StringWriter();

        var exitCode = await new SoakRun(options, output).RunAsync(TestContext.Current.CancellationToken);

        Assert.True(exitCode == 0, output.ToString());
    }
}
