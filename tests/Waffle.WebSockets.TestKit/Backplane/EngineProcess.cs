using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Waffle.WebSockets.TestKit.Backplane;

/// <summary>A real engine as a process of its own, which can be killed, started again on the same port, and paused.</summary>
public sealed class EngineProcess : IAsyncDisposable
{
    private readonly string _program;
    private readonly string[] _arguments;
    private Process? _process;

    private EngineProcess(string program, int port, string[] arguments) => (_program, Port, _arguments) = (program, port, arguments);

    public int Port { get; }

    public static Task<EngineProcess> StartRedisAsync(params string[] arguments)
    {
        var port = FreePort.Find();
        return StartAsync("redis-server", port, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", .. arguments]);
    }

    public static Task<EngineProcess> StartNatsAsync(params string[] arguments)
    {
        var port = FreePort.Find();
        return StartAsync("nats-server", port, ["-a", "127.0.0.1", "-p", $"{port}", .. arguments]);
    }

    /// <summary>Starts it, on the same port as before, and returns when it accepts connections.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo(Find(_program), _arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"{_program} is missing: run the tests with ./test.sh, which installs it.", error);
        }

        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Wait.Eventually(IsListeningAsync, $"{_program} listens");
    }

    /// <summary>Ends it without a word to anybody.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync().Soon();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>It does nothing until <see cref="ResumeAsync"/>; its connections stay.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync() => await KillAsync();

    private static async Task<EngineProcess> StartAsync(string program, int port, string[] arguments)
    {
        var engine = new EngineProcess(program, port, arguments);
        await engine.StartAsync();
        return engine;
    }

    private static string Find(string program)
    {
        string[] places = [$"/usr/bin/{program}", $"/usr/sbin/{program}"];
        return places.FirstOrDefault(File.Exists) ?? program;
    }

    private async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync().Soon();
    }

    private async Task<bool> IsListeningAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
