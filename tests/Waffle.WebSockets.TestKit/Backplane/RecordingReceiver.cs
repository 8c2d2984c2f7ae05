using System.Collections.Concurrent;
using System.Text;

namespace Waffle.WebSockets.TestKit.Backplane;

/// <summary>Keeps what a backplane tells.</summary>
public sealed class RecordingReceiver : IBackplaneReceiver
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _messages = new();
    private int _connected;
    private int _disconnected;
    private int _dropped;
    private int _lost;

    /// <summary>How often there was a connection, was none any more, messages were dropped, and a subscription ended.</summary>
    public int Connected => Volatile.Read(ref _connected);

    public int Disconnected => Volatile.Read(ref _disconnected);

    public int Dropped => Volatile.Read(ref _dropped);

    public int Lost => Volatile.Read(ref _lost);

    public IReadOnlyCollection<byte[]> Messages(string channel) => _messages.GetOrAdd(channel, static _ => new());

    public IEnumerable<string> Texts(string channel) => Messages(channel).Select(Encoding.UTF8.GetString);

    void IBackplaneReceiver.OnMessage(string channel, ReadOnlySpan<byte> message) =>
        _messages.GetOrAdd(channel, static _ => new()).Enqueue(message.ToArray());

    void IBackplaneReceiver.OnConnected() => Interlocked.Increment(ref _connected);

    void IBackplaneReceiver.OnDisconnected(Exception? error) => Interlocked.Increment(ref _disconnected);

    void IBackplaneReceiver.OnMessagesDropped(string? channel) => Interlocked.Increment(ref _dropped);

    void IBackplaneReceiver.OnSubscriptionLost(string channel) => Interlocked.Increment(ref _lost);
}
