using System.Threading.Tasks.Sources;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>The bounded read-ahead between the read loop, which fills it, and the application's reads, which empty it.</summary>
/// <remarks>
/// One reader waits on the application's side, the read loop on the other. A read that is cancelled takes nothing out. Continuations run on
/// the thread pool, or on the read loop's thread when that has nothing more to do: a handler that runs for minutes must not keep it from answering pings.
/// </remarks>
internal sealed class Inbox(int maxMessages) : IValueTaskSource<bool>
{
    private readonly Lock _messagesLock = new();
    private readonly Queue<AssembledMessage> _messages = new();
    private ManualResetValueTaskSourceCore<bool> _wait;
    private CancellationTokenRegistration _cancellation;
    private TaskCompletionSource? _room;
    private Action? _whenHandled;
    private AssembledMessage _current;
    private long _waitingBytes;
    private bool _hasReader;
    private bool _isWaiting;
    private bool _hasCurrent;
    private bool _isCurrentBeside;
    private int _beside;
    private int _owed;
    private bool _isDiscarding;
    private bool _isEnded;

    /// <summary>Whether every message was taken, the last one is done with, and none is handled beside its reader.</summary>
    public bool IsHandled
    {
        get
        {
            lock (_messagesLock)
            {
                return _messages.Count == 0 && !_hasCurrent && _beside == 0;
            }
        }
    }

    /// <summary>Whether messages wait to be taken. Read without the lock: it may be over by now.</summary>
    public bool HasWaiting => _messages.Count > 0;

    /// <summary>The message that the last successful read took, valid until the next one.</summary>
    public AssembledMessage Current => _current;

    /// <summary>Whether a message may come; into an empty inbox always.</summary>
    /// <param name="length">What it will hold: its buffer, not only its bytes; <see langword="null"/>: that will be seen, <paramref name="maxBytes"/> at most.</param>
    /// <param name="maxBytes">What all that wait may hold together.</param>
    public bool HasRoom(long? length, long maxBytes)
    {
        lock (_messagesLock)
        {
            return _isDiscarding || _isEnded || Fits(length, maxBytes);
        }
    }

    /// <summary>Completes when there is more room than now, though perhaps not enough, or none is delivered any more.</summary>
    public Task WaitForRoomAsync(long? length, long maxBytes)
    {
        lock (_messagesLock)
        {
            if (_isDiscarding || _isEnded || Fits(length, maxBytes))
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Adds a message and takes over its buffer. Who waits for it is told by <see cref="Deliver"/>.</summary>
    public void Add(AssembledMessage message)
    {
        lock (_messagesLock)
        {
            if (_isDiscarding || _isEnded)
            {
                message.Return();
                return;
            }

            _messages.Enqueue(message);
            _waitingBytes += message.Buffer.Length;
        }
    }

    /// <summary>Wakes the reader that waits, if messages were added.</summary>
    /// <param name="onThisThread">Whether it may go on within this call, for as long as it likes. Only on a thread that nobody waits for.</param>
    public void Deliver(bool onThisThread)
    {
        bool wakes;
        lock (_messagesLock)
        {
            wakes = _messages.Count > 0 && StopWaiting();
        }

        if (wakes)
        {
            Wake(onThisThread);
        }
    }

    /// <summary>Drops what waits and what comes. A read that waits goes on waiting for the end.</summary>
    public void Discard()
    {
        lock (_messagesLock)
        {
            _isDiscarding = true;
            while (_messages.TryDequeue(out var message))
            {
                message.Return();
            }

            _waitingBytes = 0;
            GiveRoom();
        }
    }

    /// <summary>Nothing comes any more. What waits can still be taken.</summary>
    public void End()
    {
        bool wakes;
        lock (_messagesLock)
        {
            _isEnded = true;
            wakes = StopWaiting();
            GiveRoom();
        }

        if (wakes)
        {
            Wake(onThisThread: false);
        }
    }

    /// <summary>Gives back the buffer of the message that was taken last. Only when its reader is done with it.</summary>
    public void ReleaseCurrent()
    {
        Action? whenHandled;
        lock (_messagesLock)
        {
            ReturnCurrent();
            whenHandled = TakeWhenHandled();
        }

        whenHandled?.Invoke();
    }

    /// <summary>
    /// Calls back once, as soon as all that has come until now is handled: within this call, or on the thread of whoever is done last, before the next message is
    /// taken. Under no lock.
    /// </summary>
    public void CallWhenHandled(Action callback)
    {
        Action? whenHandled;
        lock (_messagesLock)
        {
            _owed = _messages.Count + (_hasCurrent && !_isCurrentBeside ? 1 : 0) + _beside;
            _whenHandled = callback;
            whenHandled = TakeWhenHandled();
        }

        whenHandled?.Invoke();
    }

    /// <summary>The message that was taken last is handled on while its reader takes the next, until <see cref="EndBeside"/>.</summary>
    public void BeginBeside()
    {
        lock (_messagesLock)
        {
            _isCurrentBeside = true;
            _beside++;
        }
    }

    /// <summary>A message that was handled beside its reader is done with.</summary>
    public void EndBeside()
    {
        Action? whenHandled;
        lock (_messagesLock)
        {
            _beside--;
            _owed--;
            whenHandled = TakeWhenHandled();
        }

        whenHandled?.Invoke();
    }

    /// <summary>Takes the next message into <see cref="Current"/>; <see langword="false"/> when none comes any more.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="firesAfterEnd">Whether the token fires only once the inbox has ended, which ends the wait as well.</param>
    /// <exception cref="InvalidOperationException">Another read is under way.</exception>
    public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken, bool firesAfterEnd = false)
    {
        short version;
        Action? whenHandled;
        lock (_messagesLock)
        {
            if (_hasReader)
            {
                throw new InvalidOperationException("Another read is under way on this connection; only one may be at a time.");
            }

            // The connection's own token fires with the end: who was busy then is told the end all the same.
            if (_isEnded && _messages.Count == 0)
            {
                ReturnCurrent();
                return new ValueTask<bool>(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            ReturnCurrent();
            whenHandled = TakeWhenHandled();
            if (whenHandled is null)
            {
                if (TakeNext())
                {
                    return new ValueTask<bool>(true);
                }

                _hasReader = _isWaiting = true;
                _wait.Reset();
            }

            version = _wait.Version;
        }

        if (whenHandled is not null)
        {
            whenHandled();
            return MoveNextAsync(cancellationToken, firesAfterEnd);
        }

        _cancellation = firesAfterEnd
            ? default
            : cancellationToken.UnsafeRegister(static (inbox, token) => ((Inbox)inbox!).CancelWait(token), this);
        return new ValueTask<bool>(this, version);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _cancellation.Dispose();
        try
        {
            _wait.GetResult(token);
            lock (_messagesLock)
            {
                return TakeNext();
            }
        }
        finally
        {
            lock (_messagesLock)
            {
                _hasReader = false;
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private void CancelWait(CancellationToken token)
    {
        bool wakes;
        lock (_messagesLock)
        {
            wakes = StopWaiting();
        }

        if (wakes)
        {
            _wait.RunContinuationsAsynchronously = true;
            _wait.SetException(new OperationCanceledException(token));
        }
    }

    private void Wake(bool onThisThread)
    {
        _wait.RunContinuationsAsynchronously = !onThisThread;
        _wait.SetResult(true);
    }

    // Whoever gets it calls it, outside the lock.
    private Action? TakeWhenHandled()
    {
        if (_whenHandled is null || _owed > 0)
        {
            return null;
        }

        var callback = _whenHandled;
        _whenHandled = null;
        return callback;
    }

    // Whoever gets true completes the wait, outside the lock.
    private bool StopWaiting()
    {
        var wakes = _isWaiting;
        _isWaiting = false;
        return wakes;
    }

    private bool TakeNext()
    {
        if (!_messages.TryDequeue(out _current))
        {
            return false;
        }

        _hasCurrent = true;
        _waitingBytes -= _current.Buffer.Length;
        GiveRoom();
        return true;
    }

    private void ReturnCurrent()
    {
        if (_hasCurrent)
        {
            _current.Return();
            _current = default;
            _hasCurrent = false;
            _owed -= _isCurrentBeside ? 0 : 1;
            _isCurrentBeside = false;
            GiveRoom();
        }
    }

    // What the reader has in hand may hold as much as all that wait. Of a message whose length nobody knows yet, that room is kept free for itself.
    private bool Fits(long? length, long maxBytes) =>
        _messages.Count == 0 || (_messages.Count < maxMessages && _waitingBytes + (length ?? BytesInHand) <= maxBytes);

    private long BytesInHand => _hasCurrent ? _current.Buffer.Length : 0;

    // Its continuation runs on the thread pool, so it may be completed under the lock.
    private void GiveRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
