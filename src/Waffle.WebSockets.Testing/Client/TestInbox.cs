namespace Waffle.WebSockets.Testing.Client;

/// <summary>What has come and was not taken yet, and who waits for what. Who takes a message leaves the others in their order.</summary>
internal sealed class TestInbox
{
    private readonly Lock _inboxLock = new();
    private readonly List<(int Number, WebSocketTestMessage Message)> _unread = [];
    private readonly List<Waiter> _waiters = [];
    private Exception? _end;
    private int _count;

    /// <summary>How many have come, taken or not.</summary>
    public int Count => Volatile.Read(ref _count);

    public IReadOnlyList<WebSocketTestMessage> Unread
    {
        get
        {
            lock (_inboxLock)
            {
                return [.. _unread.Select(static unread => unread.Message)];
            }
        }
    }

    public void Add(WebSocketTestMessage message)
    {
        lock (_inboxLock)
        {
            _count++;
            if (_waiters.Find(candidate => candidate.Wants(message)) is { } waiter)
            {
                _waiters.Remove(waiter);
                waiter.Number = _count;
                waiter.Message.TrySetResult(message);
            }
            else
            {
                _unread.Add((_count, message));
            }
        }
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
            var index = _unread.FindIndex(unread => wants(unread.Message));
            if (index >= 0)
            {
                var message = _unread[index].Message;
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
            WebSocketTestMessage[] all = [.. _unread.Select(static unread => unread.Message)];
            _unread.Clear();
            return all;
        }
    }

    // What came at the last moment goes back to its place.
    private void GiveUp(Waiter waiter)
    {
        lock (_inboxLock)
        {
            if (_waiters.Remove(waiter) || !waiter.Message.Task.IsCompletedSuccessfully)
            {
                return;
            }

            var index = _unread.FindIndex(unread => unread.Number > waiter.Number);
            _unread.Insert(index < 0 ? _unread.Count : index, (waiter.Number, waiter.Message.Task.Result));
        }
    }

    private sealed class Waiter(Predicate<WebSocketTestMessage> wants)
    {
        /// <summary>Which of all messages it got.</summary>
        public int Number { get; set; }

        public TaskCompletionSource<WebSocketTestMessage> Message { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Wants(WebSocketTestMessage message) => wants(message);
    }
}
