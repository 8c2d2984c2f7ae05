using System.Buffers;
using System.Net.WebSockets;

namespace Waffle.WebSockets.Bench.SystemNet;

/// <summary>Reads whole messages, and holds a buffer only while there is something to read.</summary>
internal sealed class MessageReader(WebSocket socket) : IDisposable
{
    private const int FirstSize = 4096;

    private byte[]? _buffer;
    private int _length;

    public WebSocket Socket => socket;

    /// <summary>The message read last. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Message => _buffer.AsMemory(0, _length);

    public WebSocketMessageType Kind { get; private set; }

    /// <returns>Whether there was a message: otherwise the client is closing.</returns>
    public async ValueTask<bool> ReadAsync()
    {
        Dispose();

        // A receive without a buffer waits for the first bytes and takes none of them.
        var result = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
        _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
        while (!result.EndOfMessage)
        {
            Grow();
            result = await socket.ReceiveAsync(_buffer.AsMemory(_length), CancellationToken.None);
            _length += result.Count;
        }

        Kind = result.MessageType;
        return Kind != WebSocketMessageType.Close;
    }

    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        _length = 0;
    }

    private void Grow()
    {
        if (_length == _buffer!.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * _length);
            _buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
