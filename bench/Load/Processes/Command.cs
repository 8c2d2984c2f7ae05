using System.ComponentModel;
using System.Diagnostics;

namespace Waffle.WebSockets.Bench.Load.Processes;

/// <summary>A program, what it is given, and where it runs.</summary>
/// <param name="Program">A path, or a name that PATH has.</param>
/// <param name="Arguments">Passed as they are, by no shell.</param>
/// <param name="Folder">The working directory, the current one if null.</param>
/// <param name="Environment">Variables in addition to this process's own.</param>
internal sealed record Command(
    string Program,
    IReadOnlyList<string> Arguments,
    string? Folder = null,
    IReadOnlyDictionary<string, string>? Environment = null)
{
    private const int LongestReason = 300;

    /// <summary>Runs it to its end; returns why it failed, or null.</summary>
    public async Task<string?> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
            return null;
        }
        catch (CommandFailedException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>The first line that it writes to its standard output.</summary>
    /// <exception cref="CommandFailedException">It cannot be started, or ended with a code other than 0.</exception>
    public async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        string output = await RunAsync(cancellationToken);
        return output.Split('\n', 2)[0].Trim();
    }

    /// <summary>Runs it to its end and returns its standard output.</summary>
    /// <exception cref="CommandFailedException">It cannot be started, or ended with a code other than 0.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        using var process = Start();
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        string error = await errors;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            var reason = Shorten(error.Trim().Length > 0 ? error : output);
            throw new CommandFailedException($"{Program} ended with code {process.ExitCode}: {reason}");
        }

        return output;
    }

    /// <summary>Starts it with its standard streams redirected.</summary>
    /// <exception cref="CommandFailedException">It cannot be started.</exception>
    public Process Start()
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = Folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new CommandFailedException($"{Program} cannot be started: {failure.Message}", failure);
        }
    }

    private static string Shorten(string text)
    {
        string line = string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length <= LongestReason ? line : line[..LongestReason] + "…";
    }
}
