using System.Diagnostics;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests.Chat;

public class CommandLineTests
{
    [Theory]
    [InlineData("--backplane redis", "--backplane redis needs --redis HOST:PORT.")]
    [InlineData("--backplane nats --redis localhost:6379", "--redis is of use with --backplane redis only.")]
    [InlineData("--redis localhost:6379", "--redis is of use with --backplane redis only.")]
    [InlineData("--backplane kafka", "--backplane is \"kafka\"; it may be redis or nats.")]
    [InlineData("--urls http://127.0.0.1:0 --backplane", "--backplane needs a value.")]
    [InlineData("--backplane nats --nats localhost", "--nats is \"localhost\"; it must be HOST:PORT, as in localhost:4222.")]
    [InlineData("--backplane redis --redis=localhost:70000", "--redis is \"localhost:70000\"; it must be HOST:PORT, as in localhost:6379.")]
    [InlineData("--backplane redis --redis a:1 --redis b:1", "--redis is there twice.")]
    [InlineData("--backplan redis", "There is no option --backplan.")]
    [InlineData("redis", "Nobody knows what to do with \"redis\".")]
    public async Task What_is_wrong_is_said_and_nothing_is_started(string arguments, string complaint)
    {
        var (code, output, errors) = await RunAsync(arguments);

        Assert.Equal((2, string.Empty, $"{complaint} Try --help."), (code, output, errors));
    }

    [Fact]
    public async Task Help_is_given()
    {
        var (code, output, errors) = await RunAsync("--help");

        Assert.Equal((0, string.Empty), (code, errors));
        Assert.Contains("--backplane redis --redis HOST:PORT", output, StringComparison.Ordinal);
        Assert.Contains("--backplane nats --nats HOST:PORT", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string arguments)
    {
        string[] all = [Path.Combine(AppContext.BaseDirectory, "Chat.dll"), .. arguments.Split(' ')];
        using var chat = Process.Start(new ProcessStartInfo("dotnet", all) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (chat.StandardOutput.ReadToEndAsync(), chat.StandardError.ReadToEndAsync());
        await Task.WhenAll(output, errors).Soon();
        await chat.WaitForExitAsync().Soon();
        return (chat.ExitCode, (await output).TrimEnd(), (await errors).TrimEnd());
    }
}
