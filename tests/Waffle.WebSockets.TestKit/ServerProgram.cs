using System.Diagnostics;
using System.Text;

namespace Waffle.WebSockets.TestKit;

/// <summary>A server as a program of its own, which tells on its output where it listens.</summary>
public sealed class ServerProgram : IAsyncDisposable
{
    private const string ListeningOn = "Now listening on: ";

    private readonly Process _process;

    private ServerProgram(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Runs the program, and returns when it listens.</summary>
    public static async Task<ServerProgram> StartAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var output = new StringBuilder();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Read to its end, or a program that logs much would stand still.
        process.OutputDataReceived += (_, line) =>
        {
            output.AppendLine(line.Data);
            if (line.Data?.IndexOf(ListeningOn, StringComparison.Ordinal) is { } at and >= 0)
            {
                address.TrySetResult(new Uri(line.Data[(at + ListeningOn.Length)..]));
            }
            else if (line.Data is null)
            {
                address.TrySetException(new InvalidOperationException($"{string.Join(' ', start.ArgumentList)} did not start: {output}"));
            }
        };
        process.Start();
        process.BeginOutputReadLine();
        try
        {
            return new ServerProgram(process, await address.Task.Soon());
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Ends the program without a word to anybody.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends the program as an administrator does.</summary>
    public async Task StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync().Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
