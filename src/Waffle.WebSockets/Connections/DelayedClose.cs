using Waffle.WebSockets.Connections.Inbound;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections;

/// <summary>Closes of one connection that wait: for an age, and until all messages that have come are handled. Made for those connections that have any.</summary>
/// <remarks>Safe to use from any thread.</remarks>
internal sealed class DelayedClose(ConnectionEnd end, Inbox inbox, Deadlines deadlines)
{
    private PendingClose? _pending;
    private TimeSpan _handlerTimeoutAtAge;

    /// <summary>Whether a Close waits until all is handled, or has waited.</summary>
    public bool IsPending => Volatile.Read(ref _pending) is not null;

    /// <summary>
    /// Begins the closing handshake as soon as all messages that have come are handled. Of several such wishes the first one tells what those are, and the last one how to
    /// close.
    /// </summary>
    /// <param name="close">How to close.</param>
    /// <param name="timeout">After this time it begins in any case; zero: never.</param>
    public PendingClose WhenHandled(CloseInfo close, TimeSpan timeout)
    {
        var pending = new PendingClose(close, wasAtWork: !inbox.IsHandled);
        var first = Interlocked.CompareExchange(ref _pending, pending, null);
        if (first is not null)
        {
            first.Close = close;
        }

        if (end.MaySend && timeout > TimeSpan.Zero)
        {
            deadlines.Set(Deadline.PendingClose, timeout);
        }

        if (first is null)
        {
            inbox.CallWhenHandled(() => Finish(pending));
        }

        return first ?? pending;
    }

    /// <summary>Closes the connection at an age, when its messages are handled.</summary>
    /// <param name="age">How long from now.</param>
    /// <param name="handlerTimeout">How long those may take; zero: as long as they like.</param>
    public void AtAge(TimeSpan age, TimeSpan handlerTimeout)
    {
        _handlerTimeoutAtAge = handlerTimeout;
        deadlines.Set(Deadline.Age, age);
    }

    /// <summary>The application is done with the connection: whoever waits for that closes now; <see langword="false"/> if nobody does.</summary>
    public bool TryCloseNow()
    {
        if (Volatile.Read(ref _pending) is not { } pending)
        {
            return false;
        }

        Finish(pending);
        return true;
    }

    /// <summary>One of its deadlines has passed.</summary>
    public void OnDeadline(Deadline deadline)
    {
        if (deadline == Deadline.Age)
        {
            WhenHandled(new CloseInfo(CloseCode.ServiceRestart, "The connection is old. Come back now.", CloseCause.MaxAge), _handlerTimeoutAtAge);
        }
        else
        {
            Close(_pending!);
        }
    }

    private void Finish(PendingClose pending)
    {
        if (end.MaySend)
        {
            pending.IsFinished = true;
        }

        Close(pending);
    }

    private void Close(PendingClose pending) => end.Step(CloseInput.CloseRequested, pending.Close);
}
