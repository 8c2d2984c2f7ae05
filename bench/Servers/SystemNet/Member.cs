using System.Net.WebSockets;
using System.Threading.Channels;

namespace Waffle.WebSockets.Bench.SystemNet;

/// <summary>A member of a room: a bounded queue, and a task that sends what is in it. One that does not keep up is disconnected.</summary>
internal sealed class Member : IAsyncDisposable
{
    private const int Capacity = 1024;

    private readonly WebSocket _socket;
    private readonly Channel<Message> _queue;
    private readonly Task _sending;

    public Member(WebSocket socket)
    {
        _socket = socket;
        _queue = Channel.CreateBounded<Message>(new BoundedChannelOptions(Capacity) { SingleReader = true });
        _sending = SendAsync();
    }

    public void Enqueue(Message message)
    {
        if (!_queue.Writer.TryWrite(message))
        {
            _socket.Abort();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _sending;
    }

    private async Task SendAsync()
    {
        try
        {
            await foreach (var message in _queue.Reader.ReadAllAsync())
            {
                await _socket.SendAsync(message.Payload, message.Kind, endOfMessage: true, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, and the reader notices it too.
        }
    }
}
