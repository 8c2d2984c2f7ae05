using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Processes;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>A library for .NET with a server of its own. It is named in the results, though it cannot be had.</summary>
internal sealed class FleckPeer : Peer
{
    private const string Reason = "not in the package registry";

    public override string Name => "fleck";

    public override string Description => "Fleck";

    public override Dialect Dialect => PlainDialect.Instance;

    public override Task<string?> BuildAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(Reason);

    public override Task<string> ReadVersionAsync(CancellationToken cancellationToken) => throw new InvalidOperationException(Reason);

    public override Command StartCommand(int port) => throw new InvalidOperationException(Reason);

    public override string PathFor(Conversation conversation) => PlainPaths.For(conversation);
}
