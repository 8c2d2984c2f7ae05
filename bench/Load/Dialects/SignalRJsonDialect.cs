using System.Text;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Dialects;

/// <summary>SignalR's JSON protocol: each message is an object and a record separator, and a WebSocket message may hold several.</summary>
internal sealed class SignalRJsonDialect : Dialect
{
    private const string Invocation = """{"type":1,"target":"Send","arguments":[""";

    // An invocation is answered only if it has an id. The same for all, because the answers come in order.
    private const string AnsweredInvocation = """{"type":1,"invocationId":"0","target":"Echo","arguments":[""";

    public override bool SeveralPayloadsPerMessage => true;

    public override bool AwaitsReady => true;

    public override IReadOnlyList<byte[]> Hello(Conversation conversation) => [SignalRHandshake.Request("json")];

    public override byte[] Prefix(Conversation conversation) =>
        Encoding.UTF8.GetBytes((conversation.Kind == ConversationKind.Echo ? AnsweredInvocation : Invocation) + '"');

    public override byte[] Suffix(Conversation conversation) => "\"]}\u001e"u8.ToArray();

    public override bool IsReady(ReadOnlySpan<byte> message) => SignalRHandshake.IsReady(message);

    public override bool TryAnswer(ReadOnlySpan<byte> message, out ReadOnlyMemory<byte> answer)
    {
        answer = default;
        return SignalRHandshake.IsAccepted(message) || message.SequenceEqual("{\"type\":6}\u001e"u8);
    }
}
