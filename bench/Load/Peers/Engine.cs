using System.Text.RegularExpressions;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>What carries messages from one server to the other.</summary>
internal sealed partial class Engine
{
    private static readonly string[] _folders = ["/usr/bin", "/usr/sbin"];

    private readonly string _program;
    private readonly DistributionPackages _packages;
    private readonly string _readyText;
    private readonly Func<int, string[]> _arguments;

    private Engine(string name, string program, string readyText, Func<int, string[]> arguments)
    {
        // Not all of these folders are in everybody's PATH.
        _program = _folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? program;
        _packages = new DistributionPackages([_program], [program]);
        (Name, _readyText, _arguments) = (name, readyText, arguments);
    }

    public static Engine Redis { get; } = new(
        "redis",
        "redis-server",
        "Ready to accept connections",
        port => ["--bind", "127.0.0.1", "--port", $"{port}", "--save", "", "--appendonly", "no"]);

    public static Engine Nats { get; } = new("nats", "nats-server", "Server is ready", port => ["--addr", "127.0.0.1", "--port", $"{port}"]);

    /// <summary>In lower case: a peer's name ends with it.</summary>
    public string Name { get; }

    /// <summary>Returns why it cannot be had, or null.</summary>
    public Task<string?> EnsureAsync(CancellationToken cancellationToken) => _packages.EnsureAsync(cancellationToken);

    public async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var line = await new Command(_program, ["--version"]).ReadLineAsync(cancellationToken);
        return $"{Path.GetFileName(_program)} {VersionNumber().Match(line)}";
    }

    /// <summary>Whether it says by a line that it is ready.</summary>
    public bool IsReady(string line) => line.Contains(_readyText, StringComparison.Ordinal);

    /// <summary>Keeps nothing, and listens on 127.0.0.1.</summary>
    public Command StartCommand(int port) => new(_program, _arguments(port));

    /// <summary>By which a server is told where it is.</summary>
    public string[] ArgumentsOfServers(int port) => [$"--{Name}", $"127.0.0.1:{port}"];

    [GeneratedRegex(@"\d+(\.\d+)+")]
    private static partial Regex VersionNumber();
}
