using Waffle.WebSockets.Connections.Timing;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>All that waits to be sent on one connection, bounded, and who of many senders writes it.</summary>
/// <remarks>
/// Whoever finds the connection idle becomes its writer; the others leave their frames. Under the lock only decisions are made: no I/O, no
/// callback. A frame passed in keeps the caller's reference; the queue adds its own when it accepts.
/// </remarks>
internal sealed class OutboundQueue(int maxBytes, int maxMessages, TimerWheel wheel)
{
    private readonly Lock _queueLock = new();
    private readonly OutboundRing _messages = new();
    private ControlLane? _control;
    private SendWaiters? _waiters;
    private OutboundFrame? _close;
    private bool _isClosed;
    private bool _isEnded;
    private bool _isWriting;
    private bool _isMessageTaken;
    private volatile bool _isFullByCount;
    private int _unflushed;
    private int _lost;

    /// <summary>Bytes that wait, each frame with its cost.</summary>
    public long WaitingBytes
    {
        get
        {
            lock (_queueLock)
            {
                return _messages.Cost;
            }
        }
    }

    /// <summary>Whether it was the number of messages, not that of bytes, for which a message met a full queue last.</summary>
    public bool IsFullByCount => _isFullByCount;

    /// <summary>Offers a message. With <see cref="QueueFullPolicy.Wait"/> a full queue decides nothing.</summary>
    public EnqueueOutcome Enqueue(OutboundFrame frame, QueueFullPolicy policy, string? key, bool isFinished = false)
    {
        lock (_queueLock)
        {
            if (_isClosed)
            {
                return EnqueueOutcome.Closed;
            }

            // Who waits was there first; but only those who would wait themselves stand behind them.
            var mayEnter = Fits(frame, key) && (policy != QueueFullPolicy.Wait || _waiters is not { IsEmpty: false });
            if (!mayEnter)
            {
                _isFullByCount = maxMessages > 0 && _messages.Count >= maxMessages;
                switch (policy)
                {
                    case QueueFullPolicy.Wait:
                        return EnqueueOutcome.Full;
                    case QueueFullPolicy.DropNewest:
                        return EnqueueOutcome.Dropped;
                    case QueueFullPolicy.DropOldest:
                        Replace(key);
                        DropOldest(frame);

                        // Something waited, so somebody is writing.
                        Accept(frame, key, isFinished);
                        return EnqueueOutcome.QueuedForOldest;
                    default:
                        _isClosed = true;
                        LoseAll();
                        return EnqueueOutcome.Overflowed;
                }
            }

            return Accept(frame, key, isFinished);
        }
    }

    /// <summary>Lets a sender wait for room, or decides at once if that has changed.</summary>
    public EnqueueOutcome Wait(SendWaiter waiter, TimeSpan timeout)
    {
        lock (_queueLock)
        {
            if (_isClosed)
            {
                return EnqueueOutcome.Closed;
            }

            if (Fits(waiter.Frame, waiter.Key) && _waiters is not { IsEmpty: false })
            {
                return Accept(waiter.Frame, waiter.Key, waiter.IsFinished);
            }

            (_waiters ??= new(wheel)).Add(waiter, timeout);
            return EnqueueOutcome.Full;
        }
    }

    /// <summary>Takes a waiting sender out; <see langword="false"/> if its message was decided upon already.</summary>
    public bool GiveUp(SendWaiter waiter)
    {
        lock (_queueLock)
        {
            return _waiters?.Remove(waiter) ?? false;
        }
    }

    /// <summary>Puts a ping ahead of all messages. Takes the caller's reference; <see langword="true"/>: the caller must run the writer.</summary>
    public bool EnqueuePing(OutboundFrame ping) => EnqueueControl(ping, isPong: false);

    /// <summary>Puts a pong ahead of all messages. Takes the caller's reference; <see langword="true"/>: the caller must run the writer.</summary>
    public bool EnqueuePong(OutboundFrame pong) => EnqueueControl(pong, isPong: true);

    /// <summary>Puts our Close behind what was accepted, or first if that is to be lost; nothing is accepted any more.</summary>
    /// <returns><see langword="true"/>: the caller must run the writer.</returns>
    public bool EnqueueClose(OutboundFrame close, bool loseWaiting)
    {
        LinkedList<SendWaiter>? refused;
        bool becomesWriter;
        lock (_queueLock)
        {
            if (_isEnded)
            {
                close.Release();
                return false;
            }

            _isClosed = true;
            _close = close;
            if (loseWaiting)
            {
                LoseAll();
            }

            refused = _waiters?.TakeAll();
            becomesWriter = BecomeWriter();
        }

        SendWaiters.Complete(refused, SendStatus.Closed);
        return becomesWriter;
    }

    /// <summary>The writer's next frame; without one the writer's role has ended, if <paramref name="hasFlushedAll"/>.</summary>
    /// <param name="hasFlushedAll">Whether the writer has flushed all that it took.</param>
    public TakenFrame TakeNext(bool hasFlushedAll)
    {
        TakenFrame taken;
        LinkedList<SendWaiter>? admitted = null;
        lock (_queueLock)
        {
            _isMessageTaken = false;
            if (hasFlushedAll)
            {
                _unflushed = 0;
            }

            taken = TakeNext(hasFlushedAll, ref admitted);
        }

        SendWaiters.Complete(admitted, SendStatus.Queued);
        return taken;
    }

    /// <summary>The writer has flushed what it took, and does not come for more at once.</summary>
    /// <param name="isFrameUnderWay">But for the end of the frame that it took last.</param>
    public void OnFlushed(bool isFrameUnderWay)
    {
        lock (_queueLock)
        {
            _unflushed = isFrameUnderWay && _isMessageTaken ? 1 : 0;
        }
    }

    /// <summary>The end: drops all that waits and refuses all that comes.</summary>
    /// <param name="unsent">Messages that were accepted and lost since the beginning.</param>
    /// <returns>Whether nobody is writing; then the caller has the writer's role, for good.</returns>
    public bool End(out int unsent)
    {
        LinkedList<SendWaiter>? refused;
        bool isIdle;
        lock (_queueLock)
        {
            _isClosed = true;
            _isEnded = true;
            LoseAll();
            _control?.Discard();
            _close?.Release();
            _close = null;
            unsent = _lost + _unflushed;
            refused = _waiters?.TakeAll();
            isIdle = !_isWriting;
            _isWriting = true;
        }

        SendWaiters.Complete(refused, SendStatus.Closed);
        return isIdle;
    }

    private EnqueueOutcome Accept(OutboundFrame frame, string? key, bool isFinished)
    {
        Replace(key);
        _messages.Add(frame, key, isFinished);
        frame.AddReferences(1);
        return BecomeWriter() ? EnqueueOutcome.QueuedAndIdle : EnqueueOutcome.Queued;
    }

    private bool BecomeWriter()
    {
        var becomes = !_isWriting;
        _isWriting = true;
        return becomes;
    }

    private bool EnqueueControl(OutboundFrame frame, bool isPong)
    {
        lock (_queueLock)
        {
            if (_isClosed && _close is null)
            {
                frame.Release();
                return false;
            }

            _control ??= new ControlLane();
            if (isPong)
            {
                _control.AddPong(frame);
            }
            else
            {
                _control.AddPing(frame);
            }

            return BecomeWriter();
        }
    }

    // A frame that could never fit goes out while the queue is not full without it: a healthy client is not cut off for one large message.
    private bool Fits(OutboundFrame frame, string? key)
    {
        var replaced = key is null ? null : _messages.Find(key);
        var count = _messages.Count - (replaced is null ? 0 : 1);
        var cost = _messages.Cost - (replaced?.Cost ?? 0);
        return (maxMessages == 0 || count < maxMessages) && (cost + frame.Cost <= maxBytes || (frame.Cost > maxBytes && cost < maxBytes));
    }

    // Only for a frame that enters: what is refused replaces nothing.
    private void Replace(string? key)
    {
        if (key is not null && _messages.Take(key) is { } replaced)
        {
            Lose(replaced);
        }
    }

    private void DropOldest(OutboundFrame frame)
    {
        while (!Fits(frame, key: null) && _messages.Take() is { } oldest)
        {
            Lose(oldest);
        }
    }

    private void Lose(OutboundFrame frame)
    {
        _lost++;
        frame.Release();
    }

    private void LoseAll()
    {
        while (_messages.Take() is { } frame)
        {
            Lose(frame);
        }
    }

    private TakenFrame TakeNext(bool hasFlushedAll, ref LinkedList<SendWaiter>? admitted)
    {
        // RFC 7692 6.1: control frames are never compressed.
        var isFinished = true;
        var frame = _control?.Take() ?? TakeMessage(out isFinished, ref admitted);
        if (frame is null && hasFlushedAll && !_isClosed)
        {
            // Those whom no memory was found for wait where nothing else does: nobody would come for them any more.
            Admit(ref admitted);
            frame = TakeMessage(out isFinished, ref admitted);
        }

        if (frame is not null)
        {
            return new TakenFrame(frame, isFinished, IsLast: false, IsMoreWaiting());
        }

        if (_close is { } close)
        {
            _close = null;
            return new TakenFrame(close, IsFinished: true, IsLast: true, IsMoreWaiting: false);
        }

        if (hasFlushedAll)
        {
            _isWriting = _isEnded;
        }

        return new TakenFrame(null, IsFinished: true, IsLast: hasFlushedAll && _isEnded, IsMoreWaiting: false);
    }

    private bool IsMoreWaiting() => _messages.Count > 0 || _close is not null || _control is { IsEmpty: false };

    private OutboundFrame? TakeMessage(out bool isFinished, ref LinkedList<SendWaiter>? admitted)
    {
        if (_messages.Take(out isFinished) is not { } frame)
        {
            return null;
        }

        _isMessageTaken = true;
        _unflushed++;
        Admit(ref admitted);
        return frame;
    }

    private void Admit(ref LinkedList<SendWaiter>? admitted)
    {
        while (_waiters?.First is { } waiter && Fits(waiter.Frame, waiter.Key))
        {
            try
            {
                admitted ??= new();
                Replace(waiter.Key);
                _messages.Add(waiter.Frame, waiter.Key, waiter.IsFinished);
            }
            catch (OutOfMemoryException)
            {
                // They wait on: for the next message to be taken, the end of the writer's work, or the end of their time.
                return;
            }

            waiter.Frame.AddReferences(1);
            _waiters.MoveFirstTo(admitted);
        }
    }
}
