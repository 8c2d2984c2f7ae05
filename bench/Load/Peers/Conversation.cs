namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>What a connection is for: a peer turns it into a path, a dialect into the text around each payload.</summary>
/// <param name="Kind">What the server does with a message.</param>
/// <param name="Room">The name, of letters and digits, if it is for a <see cref="ConversationKind.Room"/>; else empty.</param>
/// <param name="PayloadLength">The bytes of each payload that the generator sends, the stamp included.</param>
/// <param name="Deflate">Whether the client offers permessage-deflate, without context takeover either way.</param>
internal sealed record Conversation(ConversationKind Kind, string Room, int PayloadLength, bool Deflate)
{
    public static Conversation Echo(int payloadLength) => new(ConversationKind.Echo, "", payloadLength, Deflate: false);

    public static Conversation Idle() => new(ConversationKind.Idle, "", PayloadLength: 0, Deflate: false);

    public static Conversation InRoom(string room, int payloadLength, bool deflate = false) =>
        new(ConversationKind.Room, room, payloadLength, deflate);
}
