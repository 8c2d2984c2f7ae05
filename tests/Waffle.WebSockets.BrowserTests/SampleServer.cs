using System.Diagnostics;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>A sample as a program of its own, so that it can be killed. The tests of a class share it, one after another.</summary>
public abstract class SampleServer(string sample) : IAsyncLifetime
{
    private ServerProcess? _process;

    public Uri Address => _process!.Address;

    /// <summary>Where its WebSockets are.</summary>
    public Uri WebSocketAddress(string pathAndQuery) => new(new Uri($"ws://{Address.Authority}"), pathAndQuery);

    public virtual async ValueTask InitializeAsync() => await RunAsync("http://127.0.0.1:0");

    /// <summary>Makes it as it was when it started: runs the program again if it has ended.</summary>
    public virtual async Task BecomeFreshAsync()
    {
        if (_process!.HasExited)
        {
            await StartAgainAsync();
        }
    }

    /// <summary>Ends the program without a word to anybody.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Ends the program as an administrator does.</summary>
    public Task StopAsync() => _process!.StopAsync();

    /// <summary>Runs the program again after its end, at the same address.</summary>
    public async Task StartAgainAsync()
    {
        await _process!.DisposeAsync();
        await RunAsync(Address.GetLeftPart(UriPartial.Authority));
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _process!.DisposeAsync();
    }

    /// <summary>How the program is called, without its arguments.</summary>
    protected virtual ProcessStartInfo CreateStart() => new("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{sample}.dll")]);

    private async Task RunAsync(string urls)
    {
        var start = CreateStart();
        foreach (var argument in (string[])["--urls", urls, "--contentroot", RepositoryFolder.Sample(sample)])
        {
            start.ArgumentList.Add(argument);
        }

        _process = await ServerProcess.StartAsync(start);
    }
}
