using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Dialects;

/// <summary>Socket.IO: an event is <c>42["name","payload"]</c>, in which 4 is Engine.IO's message and 2 Socket.IO's event.</summary>
internal sealed class SocketIoDialect : Dialect
{
    private static readonly ReadOnlyMemory<byte> _pong = "3"u8.ToArray();

    public override bool AwaitsReady => true;

    public override IReadOnlyList<byte[]> Hello(Conversation conversation) => ["40"u8.ToArray()];

    public override byte[] Prefix(Conversation conversation) =>
        (conversation.Kind == ConversationKind.Echo ? "42[\"echo\",\""u8 : "42[\"send\",\""u8).ToArray();

    public override byte[] Suffix(Conversation conversation) => "\"]"u8.ToArray();

    public override bool IsReady(ReadOnlySpan<byte> message) => message.StartsWith("40"u8);

    public override bool TryAnswer(ReadOnlySpan<byte> message, out ReadOnlyMemory<byte> answer)
    {
        bool isPing = message.SequenceEqual("2"u8);
        answer = isPing ? _pong : default;

        // Engine.IO opens by itself, with its settings.
        return isPing || message.StartsWith("0{"u8);
    }
}
