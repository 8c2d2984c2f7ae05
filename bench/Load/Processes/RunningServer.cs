using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Waffle.WebSockets.Bench.Load.Generator.Native;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Processes;

/// <summary>A peer's server that accepts connections.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private const int TerminateSignal = 15;
    private const int KeptErrorLines = 5;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _patienceAtEnd = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Queue<string> _errors = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningServer(Peer peer, int port, Process process)
    {
        (Peer, Port, _process) = (peer, port, process);
        process.OutputDataReceived += (_, line) => OnLine(line.Data);
        process.ErrorDataReceived += (_, line) => OnError(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Peer Peer { get; }

    public int Port { get; }

    public int ProcessNumber => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <exception cref="CommandFailedException">It did not start.</exception>
    public static async Task<RunningServer> StartAsync(Peer peer, Cores cores, CancellationToken cancellationToken)
    {
        var port = FindFreePort();
        var server = new RunningServer(peer, port, cores.PinServer(peer.StartCommand(port)).Start());
        try
        {
            await server._ready.Task.WaitAsync(_patience, cancellationToken);
            return server;
        }
        catch (TimeoutException)
        {
            await server.DisposeAsync();
            throw new CommandFailedException(
                $"{peer.Name} did not say that it is ready within {_patience.TotalSeconds} s. {server.DescribeErrors()}");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The last lines of its standard error.</summary>
    public string DescribeErrors()
    {
        lock (_errors)
        {
            return string.Join(' ', _errors);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            LinuxCalls.Signal(_process.Id, TerminateSignal);
            await _process.WaitForExitAsync().WaitAsync(_patienceAtEnd);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void OnLine(string? line)
    {
        if (line?.Trim() == "ready")
        {
            _ready.TrySetResult();
        }
        else if (line is null)
        {
            _ready.TrySetException(new CommandFailedException($"{Peer.Name} ended before it was ready. {DescribeErrors()}"));
        }
    }

    private void OnError(string? line)
    {
        lock (_errors)
        {
            if (line is not null)
            {
                _errors.Enqueue(line);
            }

            if (_errors.Count > KeptErrorLines)
            {
                _errors.Dequeue();
            }
        }
    }
}
