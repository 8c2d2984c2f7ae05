using System.Collections.Concurrent;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>A backplane that changes what comes through it: doubles, loses, corrupts, and tells of connections that it has or has not.</summary>
internal sealed class LyingBackplane(IBackplane inner) : IBackplane, IBackplaneReceiver
{
    private readonly ConcurrentQueue<Exception> _thrown = new();
    private TaskCompletionSource _speaks = CreateSpeaking();
    private IBackplaneReceiver? _receiver;
    private int _seenInRooms;
    private int _roomsAskedFor;
    private int _echoesSeen;
    private volatile byte[]? _lastToServers;

    /// <summary>What becomes of a message that has come: nothing, itself, or several.</summary>
    public Func<string, byte[], IEnumerable<byte[]>>? Change { get; set; }

    /// <summary>What happens before the engine is asked to subscribe, and to take that back, by channel. A call does not end before that has.</summary>
    public Func<string, Task>? Subscribing { get; set; }

    public Func<string, Task>? Unsubscribing { get; set; }

    /// <summary>What happens before the engine is given a message, by channel.</summary>
    public Func<string, Task>? Publishing { get; set; }

    /// <summary>What happens at the end.</summary>
    public Func<Task>? Ending { get; set; }

    /// <summary>How many times the engine was asked to subscribe to a channel of a room.</summary>
    public int RoomsAskedFor => Volatile.Read(ref _roomsAskedFor);

    /// <summary>Whether the engine answers nothing, though it is connected; what was asked meanwhile is answered later.</summary>
    public bool IsSilent
    {
        get => !_speaks.Task.IsCompleted;
        set
        {
            if (!value)
            {
                _speaks.TrySetResult();
            }
            else if (_speaks.Task.IsCompleted)
            {
                _speaks = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>How many heartbeats of its own server have come back.</summary>
    public int EchoesSeen => Volatile.Read(ref _echoesSeen);

    /// <summary>How many messages have come in rooms.</summary>
    public int SeenInRooms => Volatile.Read(ref _seenInRooms);

    /// <summary>What the receiver has thrown, which it must not.</summary>
    public IReadOnlyCollection<Exception> Thrown => _thrown;

    public IBackplaneReceiver Receiver => _receiver!;

    /// <summary>The driver has lost its connection: nothing comes any more, and it says so.</summary>
    public void Disconnect()
    {
        IsSilent = true;
        Receiver.OnDisconnected(null);
    }

    /// <summary>It has one again.</summary>
    public void Connect()
    {
        IsSilent = false;
        Receiver.OnConnected();
    }

    public ValueTask StartAsync(IBackplaneReceiver receiver, CancellationToken cancellationToken)
    {
        _receiver = receiver;
        return inner.StartAsync(this, cancellationToken);
    }

    public async ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (IsOfServers(channel))
        {
            _lastToServers = message.ToArray();
        }

        await SayNothingIfSilentAsync(cancellationToken);
        await (Publishing?.Invoke(channel) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        await inner.PublishAsync(channel, message, cancellationToken);
    }

    public async ValueTask SubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        if (IsRoom(channel))
        {
            Interlocked.Increment(ref _roomsAskedFor);
        }

        await SayNothingIfSilentAsync(cancellationToken);
        await (Subscribing?.Invoke(channel) ?? Task.CompletedTask);
        cancellationToken.ThrowIfCancellationRequested();
        await inner.SubscribeAsync(channel, cancellationToken);
    }

    public async ValueTask UnsubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        await SayNothingIfSilentAsync(cancellationToken);
        await (Unsubscribing?.Invoke(channel) ?? Task.CompletedTask);
        cancellationToken.ThrowIfCancellationRequested();
        await inner.UnsubscribeAsync(channel, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await (Ending?.Invoke() ?? Task.CompletedTask);
        await inner.DisposeAsync();
    }

    public void OnMessage(string channel, ReadOnlySpan<byte> message)
    {
        if (IsSilent)
        {
            return;
        }

        var bytes = message.ToArray();
        foreach (var changed in Change?.Invoke(channel, bytes) ?? [bytes])
        {
            try
            {
                _receiver!.OnMessage(channel, changed);
            }
            catch (Exception error)
            {
                _thrown.Enqueue(error);
            }
        }

        if (IsRoom(channel))
        {
            Interlocked.Increment(ref _seenInRooms);
        }

        if (_lastToServers is { } last && IsOfServers(channel) && message.SequenceEqual(last))
        {
            Interlocked.Increment(ref _echoesSeen);
        }
    }

    public void OnConnected() => _receiver!.OnConnected();

    public void OnDisconnected(Exception? error) => _receiver!.OnDisconnected(error);

    public void OnMessagesDropped(string? channel) => _receiver!.OnMessagesDropped(channel);

    public void OnSubscriptionLost(string channel) => _receiver!.OnSubscriptionLost(channel);

    public static bool IsRoom(string channel) => channel.Contains(".r.", StringComparison.Ordinal);

    public static bool IsOfServers(string channel) => channel.EndsWith(".c", StringComparison.Ordinal);

    private static TaskCompletionSource CreateSpeaking()
    {
        var speaks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        speaks.SetResult();
        return speaks;
    }

    private Task SayNothingIfSilentAsync(CancellationToken cancellationToken) => _speaks.Task.WaitAsync(cancellationToken);
}
