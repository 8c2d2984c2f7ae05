using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>The program of bench/Servers/Go, built with one of its tags on the distribution's package of a library.</summary>
internal sealed class GoPeer : Peer
{
    private const string Libraries = "/usr/share/gocode";

    private readonly string _tag;
    private readonly string _package;
    private readonly DistributionPackages _packages;

    private GoPeer(string tag, string library, string package, string description)
    {
        _tag = tag;
        _package = package;
        _packages = new(["go", $"{Libraries}/src/{library}"], ["golang-go", package]);
        Description = description;
    }

    public static GoPeer Gorilla() => new(
        "gorilla",
        "github.com/gorilla/websocket",
        "golang-github-gorilla-websocket-dev",
        "gorilla/websocket: prepared messages, a write pump with a channel for each client; 1,024 messages behind disconnects");

    public static GoPeer Original() => new(
        "original",
        "nhooyr.io/websocket",
        "golang-nhooyr-websocket-dev",
        "nhooyr.io/websocket, used as the Go original does by its documentation: one write after the other; a stalled reader stops all");

    public override string Name => $"go-{_tag}";

    public override string Description { get; }

    public override Dialect Dialect => PlainDialect.Instance;

    private string Program => RepositoryPaths.In($"artifacts/bench/{Name}");

    public override async Task<string?> BuildAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Program)!);
        return await _packages.EnsureAsync(cancellationToken) ?? await BuildCommand().TryAsync(cancellationToken);
    }

    public override async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        string package = await new Command("dpkg-query", ["-W", "-f=${Version}", _package]).ReadLineAsync(cancellationToken);
        string go = await new Command("go", ["env", "GOVERSION"]).ReadLineAsync(cancellationToken);
        return $"{_package} {package}, {go}";
    }

    public override Command StartCommand(int port) => new(Program, ["--port", $"{port}"]);

    public override string PathFor(Conversation conversation) => PlainPaths.For(conversation);

    private Command BuildCommand()
    {
        // The distribution's packages are sources in a folder, and no modules that Go would fetch.
        Dictionary<string, string> environment = new() { ["GO111MODULE"] = "off", ["GOPATH"] = Libraries, ["GOFLAGS"] = "" };
        return new Command("go", ["build", "-tags", _tag, "-o", Program, "."], RepositoryPaths.In("bench/Servers/Go"), environment);
    }
}
