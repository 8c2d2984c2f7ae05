using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>This repository's library.</summary>
internal sealed class WafflePeer : Peer
{
    private readonly DotNetServer _server = new("Waffle");

    public override string Name => "waffle";

    public override double SecondsToCompile => DotNetServer.SecondsToCompile;

    public override string Description => "Waffle.WebSockets: a hub, its rooms, prepared messages";

    public override Dialect Dialect => PlainDialect.Instance;

    public override Task<string?> BuildAsync(CancellationToken cancellationToken) => _server.BuildAsync(cancellationToken);

    public override async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var describe = new Command("git", ["describe", "--always", "--dirty"], RepositoryPaths.Root);
        var commit = await describe.ReadLineAsync(cancellationToken);
        return $"commit {commit}, .NET {Environment.Version}";
    }

    public override Command StartCommand(int port) => _server.StartCommand("WaffleServer", "--port", $"{port}");

    public override string PathFor(Conversation conversation) => PlainPaths.For(conversation);
}
