using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Dialects;

/// <summary>
/// What a protocol puts around a payload and says besides. A message out is <see cref="Prefix"/>, the payload, <see cref="Suffix"/>;
/// in one that comes in, the generator finds the payload by its stamp, whatever stands around it. All members but
/// <see cref="IsReady"/> and <see cref="TryAnswer"/> are asked once for a run.
/// </summary>
internal abstract class Dialect
{
    /// <summary>Whether messages are sent as binary ones.</summary>
    public virtual bool IsBinary => false;

    /// <summary>Whether the server may put several payloads into one WebSocket message.</summary>
    public virtual bool SeveralPayloadsPerMessage => false;

    /// <summary>Whether an upgraded connection counts as open only after a message that <see cref="IsReady"/> knows.</summary>
    public virtual bool AwaitsReady => false;

    /// <summary>The messages that the client sends as soon as the connection is upgraded.</summary>
    public virtual IReadOnlyList<byte[]> Hello(Conversation conversation) => [];

    /// <summary>The bytes before each payload.</summary>
    public virtual byte[] Prefix(Conversation conversation) => [];

    /// <summary>The bytes after each payload.</summary>
    public virtual byte[] Suffix(Conversation conversation) => [];

    /// <summary>Whether a message that came before the connection was open makes it so; if not, <see cref="TryAnswer"/> gets it.</summary>
    public virtual bool IsReady(ReadOnlySpan<byte> message) => false;

    /// <summary>Takes a message without a payload; returns whether the dialect has such ones, and the answer, if it wants one.</summary>
    public virtual bool TryAnswer(ReadOnlySpan<byte> message, out ReadOnlyMemory<byte> answer)
    {
        answer = default;
        return false;
    }
}
