namespace Waffle.WebSockets.Testing.Client;

/// <summary>What has come and was not taken yet, and who waits for what. Who takes a message leaves the others in their order.</summary>
internal sealed class TestInbox
{
    private readonly Lock _inboxLock = new();
    private readonly List<WebSocketTestMessage> _unread = [];
    private readonly List<Waiter> _waiters = [];
    private Exception? _end;

    /// <summary>All that have come, taken or not.</summary>
    public int Count { get; private set; }

    public IReadOnlyList<WebSocketTestMessage> Unread
    {
        get
        {
            lock (_inboxLock)
            {
                return [.. _unread];
            }
        }
    }

    public void Add(WebSocketTestMessage message)
    {
        Waiter? waiter;
        lock (_inboxLock)
        {
            Count++;
            waiter = _waiters.Find(candidate => candidate.Wants(message));
            if (waiter is null)
            {
                _unread.Add(message);
                return;
            }

            _waiters.Remove(waiter);
        }

        waiter.Message.TrySetResult(message);
    }

    /// <summary>Nothing more comes: who waits, or will wait in vain, is told so.</summary>
    public void End(Exception end)
    {
        Waiter[] waiters;
        lock (_inboxLock)
        {
            _end = end;
            waiters = [.. _waiters];
            _waiters.Clear();
        }

        foreach (var waiter in waiters)
        {
            waiter.Message.TrySetException(end);
        }
    }

    /// <summary>Takes the first message that is wanted, as soon as it is there.</summary>
    /// <param name="wants">Asked for each message, under the inbox's lock.</param>
    /// <param name="wait">Waits for what has not come yet, by its own limits.</param>
    public async Task<WebSocketTestMessage> TakeAsync(
        Predicate<WebSocketTestMessage> wants, Func<Task<WebSocketTestMessage>, Task<WebSocketTestMessage>> wait)
    {
        Waiter waiter;
        lock (_inboxLock)
        {
            var index = _unread.FindIndex(wants);
            if (index >= 0)
            {
                var message = _unread[index];
                _unread.RemoveAt(index);
                return message;
            }

            waiter = new Waiter(wants);
            if (_end is not null)
            {
                throw _end;
            }

            _waiters.Add(waiter);
        }

        try
        {
            return await wait(waiter.Message.Task);
        }
        catch
        {
            GiveUp(waiter);
            throw;
        }
    }

    /// <summary>Takes all that is there.</summary>
    public IReadOnlyList<WebSocketTestMessage> TakeAll()
    {
        lock (_inboxLock)
        {
            WebSocketTestMessage[] all = [.. _unread];
            _unread.Clear();
            return all;
        }
    }

    // What came at the last moment is not lost.
    private void GiveUp(Waiter waiter)
    {
        lock (_inboxLock)
        {
            if (!_waiters.Remove(waiter) && waiter.Message.Task.IsCompletedSuccessfully)
            {
                _unread.Insert(0, waiter.Message.Task.Result);
            }
        }
    }

    private sealed class Waiter(Predicate<WebSocketTestMessage> wants)
    {
        public TaskCompletionSource<WebSocketTestMessage> Message { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Wants(WebSocketTestMessage message) => wants(message);
    }
}
