using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.BenchTests;

/// <summary>A peer that has no server to start.</summary>
internal class NamedPeer(string name) : Peer
{
    public override string Name => name;

    public override string Description => "a server of this test";

    public override Dialect Dialect => PlainDialect.Instance;

    public override Task<string?> BuildAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public override Task<string> ReadVersionAsync(CancellationToken cancellationToken) => Task.FromResult("");

    public override Command StartCommand(int port) => throw new NotSupportedException();

    public override string PathFor(Conversation conversation) => PlainPaths.For(conversation);
}
