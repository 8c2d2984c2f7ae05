using System.Numerics;

namespace Waffle.WebSockets.Protocol.PermessageDeflate;

/// <summary>The end of all that was inflated before, to which the next message may refer (RFC 7692 7.1.1.2).</summary>
/// <param name="size">How much is kept, a power of two; zero: nothing.</param>
/// <remarks>It grows as data comes: a connection that hears little keeps little.</remarks>
internal sealed class InflateWindow(int size)
{
    private const int FirstLength = 1024;

    private byte[] _bytes = [];
    private int _next;

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>The byte that was the <paramref name="back"/>th before now.</summary>
    public byte this[int back] => _bytes[(_next - back) & (_bytes.Length - 1)];

    /// <summary>Takes up a whole message.</summary>
    public void Add(ReadOnlySpan<byte> message)
    {
        if (size == 0)
        {
            return;
        }

        message = message.Length > size ? message[^size..] : message;
        Grow(Math.Min(size, Length + message.Length));
        var head = Math.Min(message.Length, _bytes.Length - _next);
        message[..head].CopyTo(_bytes.AsSpan(_next));
        message[head..].CopyTo(_bytes);
        _next = (_next + message.Length) & (_bytes.Length - 1);
        Length = Math.Min(_bytes.Length, Length + message.Length);
    }

    // Only before it has gone round for the first time, since at its full size it never grows.
    private void Grow(int needed)
    {
        if (needed <= _bytes.Length)
        {
            return;
        }

        var larger = new byte[Math.Min(size, Math.Max(FirstLength, (int)BitOperations.RoundUpToPowerOf2((uint)needed)))];
        _bytes.AsSpan(0, Length).CopyTo(larger);
        (_bytes, _next) = (larger, Length);
    }
}
