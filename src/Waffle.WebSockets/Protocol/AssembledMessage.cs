using System.Buffers;

namespace Waffle.WebSockets.Protocol;

/// <summary>A whole received message in a pooled buffer. It has one owner at a time, who returns it exactly once.</summary>
/// <param name="IsText">Text, and then valid UTF-8; else binary.</param>
/// <param name="Buffer">The rented array; empty for an empty message.</param>
/// <param name="Length">How much of it is the message.</param>
internal readonly record struct AssembledMessage(bool IsText, byte[] Buffer, int Length)
{
    public ReadOnlyMemory<byte> Data => Buffer.AsMemory(0, Length);

    public void Return()
    {
        if (Buffer is { Length: > 0 })
        {
            ArrayPool<byte>.Shared.Return(Buffer);
        }
    }
}
