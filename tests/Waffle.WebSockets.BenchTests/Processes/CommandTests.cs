using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.BenchTests.Processes;

public sealed class CommandTests
{
    [Fact]
    public async Task A_command_that_ends_well_has_output_and_no_reason()
    {
        var command = new Command("sh", ["-c", "echo $WORD; pwd"], "/", new Dictionary<string, string> { ["WORD"] = "first" });

        Assert.Null(await command.TryAsync(CancellationToken.None));
        Assert.Equal("first\n/\n", await command.RunAsync(CancellationToken.None));
        Assert.Equal("first", await command.ReadLineAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_command_that_fails_tells_why()
    {
        var failing = new Command("sh", ["-c", "echo output; echo thing >&2; exit 3"]);

        Assert.Equal("sh ended with code 3: thing", await failing.TryAsync(CancellationToken.None));

        var unknown = await new Command("no-such-program", []).TryAsync(CancellationToken.None);
        Assert.Contains("cannot be started", unknown, StringComparison.Ordinal);
    }
}
