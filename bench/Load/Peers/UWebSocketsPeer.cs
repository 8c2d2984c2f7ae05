using Waffle.WebSockets.Bench.Load.Dialects;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>The C++ server that calls itself the fastest, with its bindings for Node.js.</summary>
internal sealed class UWebSocketsPeer() : NodePeer("Node/uwebsockets", "server.js", Package)
{
    private const string Package = "@trufflesuite/uws-js-unofficial";

    public override string Name => "uwebsockets";

    public override string Description =>
        "uWebSockets.js, its binaries from a package that others publish: a topic for each room; over 1 MiB unread disconnects";

    public override Dialect Dialect => PlainDialect.Instance;

    public override string PathFor(Conversation conversation) => PlainPaths.For(conversation);
}
