using Waffle.WebSockets.Bench.Load.Dialects;

namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>The library with rooms that most use on Node.js.</summary>
internal sealed class SocketIoPeer() : NodePeer("Node", "socket-io.js", "socket.io")
{
    public override string Name => "socket-io";

    public override string Description => "Socket.IO: WebSockets only, its rooms; what a client does not read waits without a bound";

    public override Dialect Dialect { get; } = new SocketIoDialect();

    public override string PathFor(Conversation conversation)
    {
        string folder = conversation.Deflate ? "/deflate" : "";
        string room = conversation.Kind == ConversationKind.Room ? $"&room={conversation.Room}" : "";
        return $"{folder}/socket.io/?EIO=4&transport=websocket{room}";
    }
}
