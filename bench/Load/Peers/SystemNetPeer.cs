using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>What an application has without a library.</summary>
internal sealed class SystemNetPeer : Peer
{
    private readonly DotNetServer _server = new("SystemNet");

    public override string Name => "system-net";

    public override double SecondsToCompile => DotNetServer.SecondsToCompile;

    public override string Description =>
        "System.Net.WebSockets: a ConcurrentDictionary for each room, a channel and a task that sends for each client; "
        + "one that falls 1,024 messages behind is disconnected";

    public override Dialect Dialect => PlainDialect.Instance;

    public override Task<string?> BuildAsync(CancellationToken cancellationToken) => _server.BuildAsync(cancellationToken);

    public override Task<string> ReadVersionAsync(CancellationToken cancellationToken) => Task.FromResult($".NET {Environment.Version}");

    public override Command StartCommand(int port) => _server.StartCommand("SystemNet", "--port", $"{port}");

    public override string PathFor(Conversation conversation) => PlainPaths.For(conversation);
}
