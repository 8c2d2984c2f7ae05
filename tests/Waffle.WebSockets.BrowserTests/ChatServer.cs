using System.Diagnostics;
using System.Text;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BrowserTests;

/// <summary>The chat sample as a program of its own, so that it can be killed. The tests of a class share it, one after another.</summary>
public sealed class ChatServer : IAsyncLifetime
{
    private const string ListeningOn = "Now listening on: ";

    private Process? _process;
    private Uri? _address;

    public Uri Address => _address!;

    public Uri WebSocketAddress(string? user) => new(
        $"ws://{Address.Authority}/ws{(user is null ? string.Empty : $"?user={Uri.EscapeDataString(user)}")}");

    public async ValueTask InitializeAsync() => await RunAsync("http://127.0.0.1:0");

    /// <summary>Waits until nobody is in any room, whereby everything is forgotten; runs the program again if it has ended.</summary>
    public async Task BecomeEmptyAsync()
    {
        if (_process!.HasExited)
        {
            await StartAgainAsync();
            return;
        }

        await using var observer = await ChatClient.ConnectAsync(this, "observer");
        await observer.SendAsync("leave_room", new { room = "general" });
        for (var rooms = 1; rooms > 0;)
        {
            await observer.SendAsync("list_rooms", null);
            rooms = (await observer.ReceiveAsync("rooms")).Body.GetProperty("rooms").GetArrayLength();
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
        await KillAsync();
        _process!.Dispose();
    }

    private async Task RunAsync(string urls)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Chat.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--urls", urls, "--contentroot", RepositoryFolder.Chat])
        {
            RedirectStandardOutput = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "0" },
        };
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
                address.TrySetException(new InvalidOperationException($"The chat did not start: {output}"));
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _address = await address.Task.Soon();
    }
}
