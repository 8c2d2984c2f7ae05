using System.Diagnostics;
using Waffle.WebSockets.Bench.Load.Generator.Native;

namespace Waffle.WebSockets.Bench.Load.Processes;

/// <summary>A program that has said that it is ready.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private const int TerminateSignal = 15;
    private const int KeptErrorLines = 5;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _patienceAtEnd = TimeSpan.FromSeconds(5);

    private readonly string _name;
    private readonly Func<string, bool> _isReady;
    private readonly Process _process;
    private readonly Queue<string> _errors = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningProgram(string name, Func<string, bool> isReady, Process process)
    {
        (_name, _isReady, _process) = (name, isReady, process);
        process.OutputDataReceived += (_, line) => OnLine(line.Data);
        process.ErrorDataReceived += (_, line) => OnError(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int ProcessNumber => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <param name="name">What failures call it.</param>
    /// <param name="command">What starts it.</param>
    /// <param name="isReady">Whether a line, on either of its outputs, says that it is ready.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandFailedException">It did not start.</exception>
    public static async Task<RunningProgram> StartAsync(
        string name, Command command, Func<string, bool> isReady, CancellationToken cancellationToken)
    {
        var program = new RunningProgram(name, isReady, command.Start());
        try
        {
            await program._ready.Task.WaitAsync(_patience, cancellationToken);
            return program;
        }
        catch (TimeoutException)
        {
            await program.DisposeAsync();
            throw new CommandFailedException(
                $"{name} did not say that it is ready within {_patience.TotalSeconds} s. {program.DescribeErrors()}");
        }
        catch
        {
            await program.DisposeAsync();
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

    private void OnLine(string? line)
    {
        if (line is not null)
        {
            LookForReady(line);
        }
        else
        {
            _ready.TrySetException(new CommandFailedException($"{_name} ended before it was ready. {DescribeErrors()}"));
        }
    }

    private void LookForReady(string line)
    {
        if (_isReady(line))
        {
            _ready.TrySetResult();
        }
    }

    private void OnError(string? line)
    {
        if (line is not null)
        {
            LookForReady(line);
        }

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
