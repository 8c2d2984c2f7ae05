using Waffle.WebSockets.Connections.Inbound;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections;

/// <summary>How one connection ends: the closing handshake, and what follows from each of its steps.</summary>
/// <remarks>The closing handshake's state is the only state; what follows from a transition is done outside its lock, by whoever brought the input.</remarks>
internal sealed class ConnectionEnd(
    ConnectionTransport transport,
    WebSocketConnectionOptions options,
    Inbox inbox,
    OutboundQueue queue,
    PendingPings pings,
    Deadlines deadlines,
    ConnectionWriter writer,
    ConnectionCompression? compression,
    IConnectionOwner? owner)
{
    // A peer that reads too slowly or answers no ping gets so long to take our Close.
    private static readonly TimeSpan _lastWordTimeout = TimeSpan.FromSeconds(1);

    // After a failure, what is still under way from the peer is thrown away until nothing has come for so long.
    private static readonly TimeSpan _quietTime = TimeSpan.FromMilliseconds(250);

    // Made now, for there may be no memory for one that says more.
    private static readonly CloseInfo _vanished = new(CloseCode.AbnormalClosure, string.Empty, CloseCause.PeerVanished);

    private readonly Lock _stateLock = new();
    private readonly OutputEnd _output = new(transport.Output, compression);
    private readonly TaskCompletionSource<CloseInfo> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EndOfWork _endOfWork = new();
    private CloseState _state;
    private CloseInfo? _close;
    private volatile bool _isReadingOver;
    private volatile bool _isDiscardingOver;
    private bool _isTransportDone;
    private bool _isCloseALastWord;
    private bool _isCutHere;

    /// <summary>How the connection ended.</summary>
    public Task<CloseInfo> Completion => _completion.Task;

    /// <summary>The connection has ended and what came before is handled, or need not be any more.</summary>
    public Task Handled => _endOfWork.Task;

    /// <summary>Fires with <see cref="Handled"/>.</summary>
    public CancellationToken Lost => _endOfWork.Token;

    public bool IsReadingOver => _isReadingOver;

    public bool IsDiscardingOver => _isDiscardingOver;

    public bool MaySend
    {
        get
        {
            lock (_stateLock)
            {
                return CloseHandshake.MaySend(_state);
            }
        }
    }

    /// <summary>Whether it was cut because its time was over, or the server's, as opposed to all that the peer or the application did.</summary>
    public bool IsCutHere => Volatile.Read(ref _isCutHere);

    /// <summary>Cuts the connection at once, also one that has failed and still throws away what comes.</summary>
    /// <returns>Whether it had not ended before.</returns>
    public bool Abort(CloseInfo close, bool isCutHere = false)
    {
        var hasEnded = Step(CloseInput.TransportEnded, close, isCutHere);
        if (!_isDiscardingOver)
        {
            StopDiscarding();
        }

        return hasEnded;
    }

    /// <summary>The closing handshake has taken too long.</summary>
    /// <returns>Whether it had all of the close timeout, and had not ended.</returns>
    public bool OnCloseTimeout() => Abort(_close!, isCutHere: true) && !_isCloseALastWord;

    /// <summary>Our Close was handed to the transport.</summary>
    public void OnCloseWritten() => Step(CloseInput.CloseWritten, _close!);

    /// <summary>The transport delivers nothing any more.</summary>
    public void OnInputEnded(Exception? error)
    {
        var close = Vanished(error);
        if (error is null)
        {
            Step(CloseInput.InputEnded, close);
        }
        else
        {
            Abort(close);
        }

        _output.OnInputEnded();
    }

    /// <summary>The transport takes nothing any more, and the writer is done.</summary>
    public void OnWriteFailed(Exception? error)
    {
        try
        {
            Abort(Vanished(error));
        }
        finally
        {
            _output.Complete();
        }
    }

    /// <summary>After a failure bytes have come that nobody reads.</summary>
    public void OnBytesDiscarded()
    {
        // Until our Close is written the close timeout alone decides.
        if (_output.IsFailureWritten)
        {
            deadlines.Set(Deadline.Quiet, _quietTime);
        }
    }

    /// <summary>The read loop has ended and the transport's input is released.</summary>
    public void OnTransportDone()
    {
        lock (_stateLock)
        {
            _isTransportDone = true;
        }

        StopDeadlines();
    }

    /// <summary>What the peer still sends is not even thrown away any more.</summary>
    public void StopDiscarding()
    {
        _isDiscardingOver = true;
        WakeReader();
    }

    /// <summary>Applies an input to the closing handshake and does what follows. Under no lock.</summary>
    /// <returns>Whether that has ended the connection.</returns>
    public bool Step(CloseInput input, CloseInfo close, bool isCutHere = false)
    {
        CloseAction action;
        CloseState before;
        CloseState state;
        lock (_stateLock)
        {
            before = _state;
            (_state, action) = CloseHandshake.Next(before, input);
            state = _state;
            if (before == CloseState.Open && state != CloseState.Open)
            {
                _close = close;
            }

            _isCutHere |= isCutHere && action == CloseAction.End;

            _isReadingOver = state is CloseState.Replying or CloseState.Failing or CloseState.Closed;
        }

        switch (action)
        {
            case CloseAction.SendClose:
                BeginClose(isReply: state == CloseState.Replying);
                break;
            case CloseAction.SendCloseNow:
                BeginFailure();
                break;
            case CloseAction.End:
                End(before, input);
                break;
            case CloseAction.None when before == CloseState.Closed && input == CloseInput.CloseWritten:
                // Cut just before the writer was done.
                _output.Complete();
                break;
            default:
                break;
        }

        return action == CloseAction.End;
    }

    /// <summary>Nothing more is to be handled.</summary>
    public void SetHandled()
    {
        if (_endOfWork.TrySet())
        {
            StopDeadlines();
        }
    }

    private void BeginClose(bool isReply)
    {
        ClearDeadlinesOfTheOpen();
        deadlines.Set(Deadline.Close, options.CloseTimeout);
        if (isReply)
        {
            inbox.End();
        }
        else
        {
            inbox.Discard();
        }

        WriteClose(loseWaiting: false);
    }

    private void BeginFailure()
    {
        var isBreach = _close!.Cause is CloseCause.ProtocolViolation or CloseCause.MessageTooBig;
        ClearDeadlinesOfTheOpen();
        _isCloseALastWord = !isBreach && options.CloseTimeout > _lastWordTimeout;
        deadlines.Set(Deadline.Close, _isCloseALastWord ? _lastWordTimeout : options.CloseTimeout);
        inbox.End();
        WriteClose(loseWaiting: true);
        WakeReader();
    }

    // Another thread may have ended the connection in between and set what runs after the end.
    private void ClearDeadlinesOfTheOpen() => deadlines.ClearAllBut(Deadline.Write, Deadline.Handled, Deadline.Quiet);

    private void WriteClose(bool loseWaiting)
    {
        Span<byte> payload = stackalloc byte[FrameHeader.MaxControlPayloadLength];
        var length = new ClosePayload(_close!.Code, _close.Reason).Write(payload);
        if (queue.EnqueueClose(OutboundFrame.Rent(Opcode.Close, payload[..length]), loseWaiting))
        {
            writer.Run();
        }
    }

    // Once, by whichever input brought the last state.
    private void End(CloseState before, CloseInput input)
    {
        var writerIsIdle = queue.End(out var unsent);
        var close = WithUnsent(_close!, unsent);
        deadlines.ClearAllBut(Deadline.Close);
        if (close.Cause is CloseCause.ClosedHere or CloseCause.Aborted || _isCutHere)
        {
            inbox.Discard();
        }

        inbox.End();
        EndTransport(before, input, writerIsIdle);

        // Ended by the peer in good order: what it had said before is still heard out, but not for ever.
        var isHeardOut = close is { Cause: CloseCause.PeerClosed or CloseCause.PeerVanished, Error: null };
        if (isHeardOut && !inbox.IsHandled)
        {
            deadlines.Set(Deadline.Handled, options.CloseTimeout);
        }

        owner?.OnEnded(close);
        _completion.TrySetResult(close);
        pings.End(close);
        if (!isHeardOut || inbox.IsHandled)
        {
            SetHandled();
        }
    }

    private void EndTransport(CloseState before, CloseInput input, bool writerIsIdle)
    {
        if (before == CloseState.Failing && input == CloseInput.CloseWritten)
        {
            // The peer is to find our Close before the transport is closed; see ConnectionReader.DiscardRestAsync.
            deadlines.Set(Deadline.Quiet, _quietTime);
            _output.OnFailureWritten();
            return;
        }

        deadlines.Clear(Deadline.Close);
        _isDiscardingOver = true;
        var isCut = input is CloseInput.TransportEnded or CloseInput.InputEnded;
        if (isCut)
        {
            AbortTransport();
        }

        if (!isCut || before == CloseState.CloseSent || writerIsIdle)
        {
            _output.Complete();
        }

        WakeReader();
    }

    private void AbortTransport()
    {
        try
        {
            transport.Abort();
        }
        catch (Exception)
        {
            // It is gone already. Whoever found the end, be it a broadcast to many others, must not suffer from it.
        }
    }

    // So that the read loop sees that reading is over.
    private void WakeReader() => transport.Input.CancelPendingRead();

    private void StopDeadlines()
    {
        bool isOver;
        lock (_stateLock)
        {
            isOver = _isTransportDone && _endOfWork.IsSet;
        }

        if (isOver)
        {
            deadlines.Stop();
        }
    }

    private static CloseInfo Vanished(Exception? error)
    {
        try
        {
            return error is null ? _vanished : _vanished with { Error = error };
        }
        catch (OutOfMemoryException)
        {
            return _vanished;
        }
    }

    // The end must come, also where there is no memory to say all about it.
    private static CloseInfo WithUnsent(CloseInfo close, int unsent)
    {
        try
        {
            return unsent == 0 ? close : close with { UnsentMessages = unsent };
        }
        catch (OutOfMemoryException)
        {
            return close;
        }
    }
}
