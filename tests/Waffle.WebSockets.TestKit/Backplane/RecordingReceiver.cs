using System.Collections.Concurrent;
using System.Text;

namespace Waffle.WebSockets.TestKit.Backplane;

/// <summary>Keeps what a backplane tells.</summary>
public sealed class RecordingReceiver : IBackplaneReceiver
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _messages = new();
    private readonly ConcurrentQueue<string?> _droppedIn = new();
    private readonly ConcurrentQueue<string> _lost = new();
    private int _calls;
    private int _connected;
    private int _disconnected;

    /// <summary>What happens, by channel, before a message is kept; it may take its time.</summary>
    public Action<string>? Taking { get; set; }

    /// <summary>How many calls of any kind have begun.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How often there was a connection, and none any more.</summary>
    public int Connected => Volatile.Read(ref _connected);

    public int Disconnected => Volatile.Read(ref _disconnected);

    /// <summary>The channels in which messages were dropped, once for each time that it was told.</summary>
    public IReadOnlyCollection<string?> DroppedIn => _droppedIn;

    /// <summary>The channels whose subscription has ended by itself.</summary>
    public IReadOnlyCollection<string> Lost => _lost;

    public IReadOnlyCollection<byte[]> Messages(string channel) => _messages.GetOrAdd(channel, static _ => new());

    public IEnumerable<string> Texts(string channel) => Messages(channel).Select(Encoding.UTF8.GetString);

    void IBackplaneReceiver.OnMessage(string channel, ReadOnlySpan<byte> message)
    {
        Interlocked.Increment(ref _calls);
        Taking?.Invoke(channel);
        _messages.GetOrAdd(channel, static _ => new()).Enqueue(message.ToArray());
    }

    void IBackplaneReceiver.OnConnected()
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Increment(ref _connected);
    }

    void IBackplaneReceiver.OnDisconnected(Exception? error)
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Increment(ref _disconnected);
    }

    void IBackplaneReceiver.OnMessagesDropped(string? channel)
    {
        Interlocked.Increment(ref _calls);
        _droppedIn.Enqueue(channel);
    }

    void IBackplaneReceiver.OnSubscriptionLost(string channel)
    {
        Interlocked.Increment(ref _calls);
        _lost.Enqueue(channel);
    }
}
