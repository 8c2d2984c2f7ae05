using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore.Drain;

/// <summary>Ten thousand clients in a process of their own, half of which never read; handlers that ignore their tokens; and who is closed tries to come back at once.</summary>
[Collection(RunsAlone.Name)]
public sealed partial class DrainOfManyTests
{
    private const int Half = 5_000;
    private const int Stubborn = 100;

    [Fact]
    public async Task Ten_thousand_are_closed_or_cut_and_the_host_has_stopped_before_its_own_deadline()
    {
        var host = new Host();
        await using var scene = await DrainScene.StartAsync(
            options =>
            {
                options.ReconnectWindow = TimeSpan.FromSeconds(30);
                options.Timeout = TimeSpan.FromSeconds(12);
            },
            TimeSpan.FromSeconds(30),
            builder =>
            {
                builder.Services.AddSingleton<IHostedService>(host);

                // Long enough for each of the others on a busy machine.
                builder.Services.Configure<WebSocketEndpointOptions>(static options => options.CloseTimeout = TimeSpan.FromSeconds(10));
            });
        var stubborn = new List<RawPeer>();
        for (var i = 0; i < Stubborn; i++)
        {
            stubborn.Add(await scene.ConnectAtWorkAsync("ignore"));
        }

        using var crowd = StartCrowd(scene.Host.Address.Port);
        using var isKilled = new Killing(crowd);
        Assert.Equal("connected", await crowd.StandardOutput.ReadLineAsync().Soon());
        await Wait.Eventually(() => scene.Host.Hub.Count == (2 * Half) + Stubborn);

        await scene.Host.App.StopAsync().WaitAsync(TimeSpan.FromMinutes(2));

        Assert.True(host.WasStoppedInTime);
        var report = scene.Drain.Report!;
        Assert.Equal((2 * Half) + Stubborn, report.Connections);
        Assert.Equal((Half, Half + Stubborn), (report.Closed, report.Cut));
        Assert.Equal((0, Stubborn), (report.Finished, report.LeftBehind));
        Assert.Equal((2 * Half) + Stubborn, scene.Disconnects.Count);
        Assert.All(scene.Disconnects, static disconnect => Assert.Equal(CloseCause.Shutdown, disconnect.Close.Cause));

        crowd.StandardInput.Close();
        var seen = ParseCounts(await crowd.StandardOutput.ReadLineAsync().Soon());
        await crowd.WaitForExitAsync().Soon();
        Assert.Equal((Half, 0), (seen["advised"], seen["surprised"]));
        Assert.Equal((0, Half), (seen["let_in"], seen["silent_cut"]));
        Assert.True(seen["refused"] >= Half, $"{seen["refused"]} were refused.");
        foreach (var peer in stubborn)
        {
            await peer.DisposeAsync();
        }
    }

    private static Process StartCrowd(int port)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Waffle.WebSockets.ClientCrowd.dll");
        string[] arguments = [program, $"{port}", "/hub", $"{Half}", $"{Half}"];
        return Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    private static Dictionary<string, int> ParseCounts(string? line) => CountPattern().Matches(line ?? string.Empty).ToDictionary(
        static match => match.Groups[1].Value, static match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("(\\w+)=(\\d+)")]
    private static partial Regex CountPattern();

    /// <summary>Leaves no crowd behind, however the test ends.</summary>
    private sealed class Killing(Process crowd) : IDisposable
    {
        public void Dispose() => crowd.Kill();
    }

    /// <summary>Is stopped after the drain, and sees whether the host's time was over by then.</summary>
    private sealed class Host : IHostedService
    {
        public bool WasStoppedInTime { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            WasStoppedInTime = !cancellationToken.IsCancellationRequested;
            return Task.CompletedTask;
        }
    }
}
