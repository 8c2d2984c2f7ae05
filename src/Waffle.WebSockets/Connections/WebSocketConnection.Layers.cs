using System.Runtime.CompilerServices;
using System.Security.Claims;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Diagnostics;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets;

/// <content>What the layers above use of a connection, beside what it offers to applications.</content>
public sealed partial class WebSocketConnection : IConnectionOwner
{
    /// <summary>Who was authenticated when the connection was accepted; <see langword="null"/>: nobody.</summary>
    internal ClaimsPrincipal? AuthenticatedUser
    {
        init => _user = value;
    }

    /// <summary>What the connection was made from, for the layer that made it.</summary>
    internal object? Request { get; set; }

    /// <summary>As <see cref="Closed"/>, to be awaited.</summary>
    internal Task Handled => _engine.Handled;

    internal OutboundQueue Queue => _engine.Queue;

    /// <summary>All connections of the same application; <see langword="null"/>: it belongs to none.</summary>
    internal ConnectionRegistry? Registry { get; }

    /// <summary>Its place there.</summary>
    internal ref ConnectionRegistry.MemberPlace Place => ref _place;

    /// <summary>Completes when nothing of the application's is at work for the connection any more, or nobody waits for that: the request that it came from may end.</summary>
    internal Task Released => _released.Task;

    /// <summary>When it began, on its clock.</summary>
    internal long StartedAt { get; }

    /// <summary>What has gone through it.</summary>
    internal ConnectionTraffic Traffic => _engine.Traffic;

    /// <summary>What the connection runs on.</summary>
    internal ConnectionTransport Transport { get; }

    /// <summary>Where it is counted that a limit was met.</summary>
    internal LimitHits Hits { get; }

    /// <summary>How messages are compressed; <see langword="null"/>: they are not.</summary>
    internal ConnectionCompression? Compression { get; }

    /// <summary>What the connection runs with. May be shared with others: nobody changes it.</summary>
    internal WebSocketConnectionOptions Settings { get; }

    /// <summary>Nobody but <see cref="TryReadAsync"/> reads until <see cref="EndRouting"/>: a handler that did would take the bytes of its own message away.</summary>
    /// <exception cref="InvalidOperationException">A router reads the connection already.</exception>
    internal void BeginRouting()
    {
        if (Interlocked.Exchange(ref _isRouted, 1) != 0)
        {
            throw ReadByRouter();
        }
    }

    internal void EndRouting() => Volatile.Write(ref _isRouted, 0);

    /// <summary>Takes the next message; <see langword="null"/> when the connection has ended. Its reader then calls <see cref="EndReading"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<ReceivedMessage?> TryReadAsync(CancellationToken cancellationToken)
    {
        if (await MoveNextInInboxAsync(cancellationToken))
        {
            return TakeCurrent();
        }

        await CompletedAsync(cancellationToken);
        return null;
    }

    /// <summary>All that was read before the end is handled.</summary>
    internal void EndReading() => _engine.OnEndRead();

    /// <summary>Gives back the buffer of the message that was read last. Only for whom knows that its reader is done.</summary>
    internal void ReleaseLastRead() => _engine.Inbox.ReleaseCurrent();

    /// <summary>Whether an exception tells of this connection's end, and not of another's.</summary>
    internal bool HasEndedBy(ConnectionClosedException exception) =>
        Completion.IsCompletedSuccessfully && ReferenceEquals(Completion.Result, exception.Close);

    /// <summary>The message that was read last is handled on while its reader takes the next; the end of work waits for both.</summary>
    internal void BeginBeside() => _engine.Inbox.BeginBeside();

    /// <summary>A message that was handled beside its reader is done with.</summary>
    internal void EndBeside() => _engine.Inbox.EndBeside();

    /// <summary>Starts the read loop and the heartbeat.</summary>
    internal void Start()
    {
        Registry?.Add(this);
        _engine.Start(Settings.AuthenticationTimeout > TimeSpan.Zero && !IsAuthenticated(User) ? Settings.AuthenticationTimeout : TimeSpan.Zero);
    }

    /// <summary>Closes for another cause than the application's own wish.</summary>
    internal Task CloseAsync(CloseCode code, string reason, CloseCause cause, Exception? error, CancellationToken cancellationToken = default)
    {
        BeginClose(code, reason, cause, error);
        return Completion.WaitAsync(cancellationToken);
    }

    /// <summary>Begins the closing handshake and does not wait for it.</summary>
    internal void BeginClose(CloseCode code, string reason, CloseCause cause = CloseCause.ClosedHere, Exception? error = null)
    {
        CloseRules.ThrowIfNotSendable(code, reason);
        _engine.Close(new CloseInfo(code, reason, cause, error));
    }

    /// <summary>Begins the closing handshake as soon as all messages that have come are handled, and does not wait for it.</summary>
    /// <param name="close">How to close, with a code and a reason that may be sent.</param>
    /// <param name="timeout">After this time it begins in any case; zero: never.</param>
    internal PendingClose CloseWhenHandled(CloseInfo close, TimeSpan timeout) => _engine.Later.WhenHandled(close, timeout);

    /// <summary>Completes <see cref="Released"/>: all is done.</summary>
    internal void Release()
    {
        if (Interlocked.Exchange(ref _isReleased, true) == false)
        {
            EndRelease();
        }
    }

    /// <summary>Completes <see cref="Released"/> although something is still at work, which has no request any more. Cuts that off, so that the server uses it for nobody else.</summary>
    /// <returns>Whether it was not released before.</returns>
    internal bool LeaveBehind()
    {
        if (Interlocked.Exchange(ref _isReleased, true))
        {
            return false;
        }

        Request = null;
        Transport.Abort();
        EndRelease();
        return true;
    }

    private void EndRelease()
    {
        Registry?.Release(this);
        _released.TrySet();
    }

    /// <summary>Whether messages that have come are not handled yet.</summary>
    internal bool IsAtWork => !_engine.Inbox.IsHandled;

    /// <summary>Whether it will be closed when the messages that have come are handled.</summary>
    internal bool IsClosePending => _engine.IsClosePending;

    /// <summary>Closes the connection when it has reached an age, and its messages are handled.</summary>
    /// <param name="age">How long from now.</param>
    /// <param name="handlerTimeout">How long those may take; zero: as long as they like.</param>
    internal void LimitAge(TimeSpan age, TimeSpan handlerTimeout) => _engine.Later.AtAge(age, handlerTimeout);

    /// <summary>Whether it was cut because its time was over, or the server's, as opposed to all that the peer or the application did.</summary>
    internal bool IsCutHere => _engine.IsCutHere;

    /// <summary>Cuts the connection at once, for another cause than the application's own wish.</summary>
    /// <returns>Whether it had not ended before.</returns>
    internal bool AbortFor(CloseCause cause)
    {
        var hasEnded = _engine.Abort(new CloseInfo(CloseCode.AbnormalClosure, string.Empty, cause), isCutHere: cause != CloseCause.Aborted);
        _engine.OnEndRead();
        return hasEnded;
    }

    void IConnectionOwner.OnEnded(CloseInfo close) => Registry?.OnEnded(this);

    /// <summary>Offers a sealed frame to the queue by a policy. Takes over the caller's reference to it.</summary>
    internal ValueTask<SendStatus> SendAsync(
        OutboundFrame frame, QueueFullPolicy policy, string? key, CancellationToken cancellationToken, bool? compress = null) =>
        _sender.SendAsync(frame, policy, key, compress, cancellationToken);

    /// <summary>Does what follows from a decision of <see cref="Queue"/>. Under no lock.</summary>
    internal SendStatus Settle(EnqueueOutcome outcome) => _engine.Settle(outcome);
}
