using System.Buffers;
using System.Runtime.CompilerServices;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>Output straight into a socket, on the thread of whoever flushes; only what finds no room there waits in a buffer.</summary>
internal sealed class SocketOutput(ISocket socket)
{
    // What is appended and flushed by one thread, without a pause in between: so one buffer for each thread will do.
    [ThreadStatic]
    private static byte[]? _batch;

    private int _length;

    /// <summary>Adds a copy of <paramref name="bytes"/>. The flush must come from the same thread, and before any other output's turn.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var batch = _batch ??= new byte[ConnectionWriter.MaxFlushLength];
        bytes.CopyTo(batch.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <inheritdoc cref="IOutput.FlushAsync"/>
    public ValueTask<bool> FlushAsync()
    {
        var bytes = _batch.AsSpan(0, _length);
        _length = 0;
        var sent = socket.Send(bytes);
        if (sent == bytes.Length)
        {
            return new ValueTask<bool>(true);
        }

        return sent < 0 ? new ValueTask<bool>(false) : SendRestAsync(bytes[sent..]);
    }

    private ValueTask<bool> SendRestAsync(ReadOnlySpan<byte> bytes)
    {
        var rest = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rest);
        return SendAsync(rest, bytes.Length);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> SendAsync(byte[] rest, int length)
    {
        try
        {
            for (var sent = 0; sent < length;)
            {
                var count = await socket.SendAsync(rest.AsMemory(sent, length - sent));
                if (count <= 0)
                {
                    return false;
                }

                sent += count;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rest);
        }
    }
}
