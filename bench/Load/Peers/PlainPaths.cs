namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>The paths of a server that speaks plain WebSocket messages.</summary>
internal static class PlainPaths
{
    public static string For(Conversation conversation) => conversation switch
    {
        { Kind: ConversationKind.Echo } => "/echo",
        { Kind: ConversationKind.Idle } => "/idle",
        { Deflate: true } => $"/deflate/room/{conversation.Room}",
        _ => $"/room/{conversation.Room}",
    };
}
