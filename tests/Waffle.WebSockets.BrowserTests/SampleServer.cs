using System.Diagnostics;
using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>A sample as a program of its own, so that it can be killed. The tests of a class share it, one after another.</summary>
public abstract class SampleServer(string sample) : IAsyncLifetime
{
    private const string ListeningOn = "Now listening on: ";

    private Process? _process;
    private Uri? _address;

    public Uri Address => _address!;

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
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends the program as an administrator does.</summary>
    public async Task StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{_process!.Id}"]);
        await _process.WaitForExitAsync().Soon();
    }

    /// <summary>Runs the program again after its end, at the same address.</summary>
    public async Task StartAgainAsync()
    {
        _process!.Dispose();
        await RunAsync(Address.GetLeftPart(UriPartial.Authority));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await KillAsync();
        _process!.Dispose();
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

        start.RedirectStandardOutput = true;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var output = new StringBuilder();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Read to its end, or a program that logs much would stand still.
        _process.OutputDataReceived += (_, line) =>
        {
            output.AppendLine(line.Data);
            if (line.Data?.IndexOf(ListeningOn, StringComparison.Ordinal) is { } at and >= 0)
            {
                address.TrySetResult(new Uri(line.Data[(at + ListeningOn.Length)..]));
            }
            else if (line.Data is null)
            {
                address.TrySetException(new InvalidOperationException($"{sample} did not start: {output}"));
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _address = await address.Task.Soon();
    }
}
