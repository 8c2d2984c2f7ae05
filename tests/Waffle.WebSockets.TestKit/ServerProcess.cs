using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Waffle.WebSockets.TestKit;

/// <summary>An ASP.NET Core program that runs on its own, so that it can be killed, stopped for a time, or given little memory.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const string ListeningOn = "Now listening on: ";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment.TryAdd("DOTNET_gcServer", "0");
        start.Environment.TryAdd("DOTNET_TieredPGO", "0");
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };

        // Read to its end, or a program that logs much would stand still.
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
    }

    /// <summary>Where it listens, as http.</summary>
    public Uri Address => _address.Task.Result;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to its standard output.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Runs a program, and returns when it listens.</summary>
    public static async Task<ServerProcess> StartAsync(ProcessStartInfo start)
    {
        var server = new ServerProcess(start);
        server._process.Start();
        server._process.BeginOutputReadLine();
        try
        {
            await server._address.Task.Soon();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects a hand-made peer.</summary>
    public async Task<RawPeer> ConnectPeerAsync(string path)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(Address.Host, Address.Port);
        return await RawHandshake.UpgradeAsync(new NetworkStream(socket, ownsSocket: true), path);
    }

    /// <summary>Sends it a signal, by a name such as TERM.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync().Soon();
    }

    /// <summary>Ends it without a word to anybody.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends it as an administrator does.</summary>
    public async Task StopAsync()
    {
        await SignalAsync("TERM");
        await WaitForExitAsync().Soon();
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void OnLine(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line?.IndexOf(ListeningOn, StringComparison.Ordinal) is { } at and >= 0)
        {
            _address.TrySetResult(new Uri(line[(at + ListeningOn.Length)..]));
        }
        else if (line is null)
        {
            _address.TrySetException(new InvalidOperationException($"{_process.StartInfo.FileName} did not start: {Output}"));
        }
    }
}
