using Waffle.WebSockets.Bench.Load.Dialects;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>The library that most servers on Node.js use.</summary>
internal sealed class NodeWsPeer() : NodePeer("Node", "ws.js", "ws")
{
    public override string Name => "node-ws";

    public override string Description =>
        "ws with bufferutil: a set of clients for each room, one send for each; over 1 MiB unread disconnects";

    public override Dialect Dialect => PlainDialect.Instance;

    public override string PathFor(Conversation conversation) => PlainPaths.For(conversation);
}
