using System.Buffers;

namespace Waffle.WebSockets.Testing.Frames;

/// <summary>Puts the fragments of the server's messages together (RFC 6455 5.4).</summary>
/// <param name="inflater">For compressed messages; <see langword="null"/>: none were agreed.</param>
internal sealed class ServerMessages(MessageInflater? inflater)
{
    private readonly ArrayBufferWriter<byte> _payload = new();
    private ServerFrame? _first;

    /// <summary>Takes a data frame; the message, if it is whole now.</summary>
    /// <exception cref="InvalidDataException">The server broke a rule.</exception>
    public WebSocketTestMessage? Add(ServerFrame frame)
    {
        var isContinuation = frame.Opcode == Opcodes.Continuation;
        if (isContinuation != _first is not null || (frame.IsCompressed && (isContinuation || inflater is null)))
        {
            throw new InvalidDataException("The server sent a fragment where none belongs, or compressed what may not be.");
        }

        _first ??= frame;
        _payload.Write(frame.Payload);
        if (!frame.IsFinal)
        {
            return null;
        }

        var (first, payload) = (_first, _payload.WrittenSpan.ToArray());
        _first = null;
        _payload.ResetWrittenCount();
        return new WebSocketTestMessage(
            first.Opcode == Opcodes.Text ? MessageKind.Text : MessageKind.Binary,
            first.IsCompressed ? inflater!.Inflate(payload) : payload,
            first.IsCompressed);
    }
}
