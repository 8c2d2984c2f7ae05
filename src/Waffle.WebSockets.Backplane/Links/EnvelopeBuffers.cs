using System.Buffers;
using System.Collections.Concurrent;

namespace Waffle.WebSockets.Backplane;

/// <summary>Buffers in which envelopes are written. Large ones are left to the garbage collector.</summary>
internal static class EnvelopeBuffers
{
    private const int MaxKept = 64;
    private const int MaxKeptLength = 16 * 1024;

    private static readonly ConcurrentQueue<ArrayBufferWriter<byte>> _kept = new();
    private static int _count;

    public static ArrayBufferWriter<byte> Rent()
    {
        if (!_kept.TryDequeue(out var buffer))
        {
            return new ArrayBufferWriter<byte>(512);
        }

        Interlocked.Decrement(ref _count);
        return buffer;
    }

    public static void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > MaxKeptLength)
        {
            return;
        }

        if (Interlocked.Increment(ref _count) > MaxKept)
        {
            Interlocked.Decrement(ref _count);
            return;
        }

        buffer.ResetWrittenCount();
        _kept.Enqueue(buffer);
    }
}
