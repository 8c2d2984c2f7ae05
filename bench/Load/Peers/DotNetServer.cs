using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>A project below bench/Servers, built for release.</summary>
internal sealed class DotNetServer(string project)
{
    /// <summary>The runtime counts how code is used before it compiles it for good, and compiles on the core that it serves with.</summary>
    public const double SecondsToCompile = 30;

    private readonly string _project = RepositoryPaths.In($"bench/Servers/{project}");

    public Task<string?> BuildAsync(CancellationToken cancellationToken) =>
        new Command("dotnet", ["build", _project, "-c", "Release", "-v", "quiet", "-nologo"]).TryAsync(cancellationToken);

    /// <param name="assembly">The name of the file without its extension.</param>
    /// <param name="arguments">What the program is given.</param>
    public Command StartCommand(string assembly, params string[] arguments) =>
        new("dotnet", [Output($"{assembly}.dll"), .. arguments]);

    /// <summary>A file that the build makes.</summary>
    public string Output(string file) => Path.Combine(_project, "bin/Release/net10.0", file);
}
