using System.Text.Json;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>A program of bench/Servers/Node.</summary>
/// <param name="folder">The one of bench/Servers that has the program and a package.json.</param>
/// <param name="script">The program.</param>
/// <param name="package">The package that it measures.</param>
internal abstract class NodePeer(string folder, string script, string package) : Peer
{
    private static readonly DistributionPackages _node = new(["node", "npm"], ["nodejs", "npm"]);

    private readonly string _folder = RepositoryPaths.In($"bench/Servers/{folder}");

    public override async Task<string?> BuildAsync(CancellationToken cancellationToken)
    {
        string[] install = ["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"];
        return await _node.EnsureAsync(cancellationToken)
            ?? (HasPackages() ? null : await new Command("npm", install, _folder).TryAsync(cancellationToken));
    }

    public override async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(Path.Combine(_folder, "node_modules", package, "package.json"));
        using var description = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken);
        string version = description.RootElement.GetProperty("version").GetString()!;
        return $"{package} {version}, Node.js {await new Command("node", ["--version"]).ReadLineAsync(cancellationToken)}";
    }

    public override Command StartCommand(int port) => new("node", [script, "--port", $"{port}"], _folder);

    /// <summary>Whether npm has installed what the lock file names: its own copy of that file is the last that it writes.</summary>
    private bool HasPackages()
    {
        string installed = Path.Combine(_folder, "node_modules/.package-lock.json");
        string asked = Path.Combine(_folder, "package-lock.json");
        return File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(asked);
    }
}
