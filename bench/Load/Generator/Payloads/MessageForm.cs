using Waffle.WebSockets.Bench.Load.Dialects;
using Waffle.WebSockets.Bench.Load.Generator.Clients;
using Waffle.WebSockets.Bench.Load.Generator.Frames;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Generator.Payloads;

/// <summary>How the payloads of a conversation are sent in a dialect.</summary>
internal sealed class MessageForm(Dialect dialect, Conversation conversation)
{
    private readonly FrameKind _kind = dialect.IsBinary ? FrameKind.Binary : FrameKind.Text;
    private readonly byte[] _prefix = dialect.Prefix(conversation);
    private readonly byte[] _suffix = dialect.Suffix(conversation);

    public void Queue(ClientWriter writer, Client client, ReadOnlySpan<byte> payload) =>
        writer.Queue(client, _kind, _prefix, payload, _suffix);
}
