using Waffle.WebSockets.Connections.Inbound;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections;

/// <summary>Runs one connection: read loop, queue, writer, heartbeat and deadlines around the closing handshake.</summary>
/// <remarks>The closing handshake's state is the only state; what follows from a transition is done outside its lock.</remarks>
#pragma warning disable CA1001 // The token source has no timer and nothing to release; handlers may hold its token after the end.
internal sealed class ConnectionEngine : IReaderOwner, IWriterOwner
#pragma warning restore CA1001
{
    // A peer that reads too slowly or answers no ping gets so long to take our Close.
    private static readonly TimeSpan _lastWordTimeout = TimeSpan.FromSeconds(1);

    // After a failure, what is still under way from the peer is thrown away until nothing has come for so long.
    private static readonly TimeSpan _quietTime = TimeSpan.FromMilliseconds(250);

    private readonly Lock _stateLock = new();
    private readonly ConnectionTransport _transport;
    private readonly WebSocketConnectionOptions _options;
    private readonly TimerWheel _wheel;
    private readonly ConnectionReader _reader;
    private readonly ConnectionWriter _writer;
    private readonly Deadlines _deadlines;
    private readonly Heartbeat _heartbeat;
    private readonly TaskCompletionSource<CloseInfo> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _handled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private ControlFrameRate _controlFrames;
    private CloseState _state;
    private CloseInfo? _close;
    private bool _isMessageTimed;
    private bool _isInputEnded;
    private volatile bool _isFailureWritten;
    private int _isOutputCompleted;
    private volatile bool _isReadingOver;
    private volatile bool _isDiscardingOver;
    private bool _isTransportDone;

    public ConnectionEngine(ConnectionTransport transport, WebSocketConnectionOptions options, TimeProvider time)
    {
        _transport = transport;
        _options = options;
        _wheel = TimerWheel.For(time);
        _deadlines = new Deadlines(_wheel, OnDeadline);
        Pings = new PendingPings(time);
        _heartbeat = new Heartbeat(options, Pings, _deadlines, _wheel);
        Inbox = new Inbox(options.ReadAheadMessages);
        Queue = new OutboundQueue(options.SendQueueMaxBytes, options.SendQueueMaxMessages, _wheel);
        _writer = new ConnectionWriter(Queue, transport.Output, this);
        var messages = new MessageReader(EndpointRole.Server, new MessageLimits(options.MaxMessageSize, options.MaxFragments));
        _reader = new ConnectionReader(transport.Input, messages, Inbox, this);
    }

    public Inbox Inbox { get; }

    public OutboundQueue Queue { get; }

    public PendingPings Pings { get; }

    /// <summary>How the connection ended.</summary>
    public Task<CloseInfo> Completion => _completion.Task;

    /// <summary>The connection has ended and what came before is handled, or need not be any more.</summary>
    public Task Handled => _handled.Task;

    /// <summary>Fires with <see cref="Handled"/>.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>The read loop; ends after everything else.</summary>
    public Task Reading { get; private set; } = Task.CompletedTask;

    /// <summary>The rule that the peer broke, and the size of a message that is too big.</summary>
    public (ProtocolViolation Rule, long Size)? Violation { get; private set; }

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

    bool IReaderOwner.IsReadingOver => _isReadingOver;

    bool IReaderOwner.IsDiscardingOver => _isDiscardingOver;

    public void Start()
    {
        _heartbeat.Start();
        _deadlines.Set(Deadline.Read, _options.ReadTimeout);
        Reading = ReadAsync();
    }

    /// <summary>Does what follows from the queue's decision. Under no lock.</summary>
    public SendStatus Settle(EnqueueOutcome outcome)
    {
        switch (outcome)
        {
            case EnqueueOutcome.Queued:
                return SendStatus.Queued;
            case EnqueueOutcome.QueuedAndIdle:
                _writer.Run();
                return SendStatus.Queued;
            case EnqueueOutcome.Overflowed:
                Fail(new CloseInfo(CloseCode.TryAgainLater, "The connection reads too slowly.", CloseCause.SlowConsumer));
                return SendStatus.Dropped;
            case EnqueueOutcome.Dropped:
                return SendStatus.Dropped;
            default:
                return SendStatus.Closed;
        }
    }

    public void SendPing(ReadOnlySpan<byte> payload)
    {
        if (Queue.EnqueuePing(OutboundFrame.Rent(Opcode.Ping, payload)))
        {
            _writer.Run();
        }
    }

    /// <summary>Begins the closing handshake behind what was accepted. Without effect once somebody has begun it.</summary>
    public void Close(CloseInfo close) => Step(CloseInput.CloseRequested, close);

    /// <summary>Ends the connection for a fault, with a Close if it can still be written.</summary>
    public void Fail(CloseInfo close) => Step(CloseInput.Failed, close);

    /// <summary>Cuts the connection at once.</summary>
    public void Abort(CloseInfo close) => Step(CloseInput.TransportEnded, close);

    /// <summary>A read has found the end: all that came before is handled.</summary>
    public void OnEndRead() => SetHandled();

    private void Step(CloseInput input, CloseInfo close)
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
                CompleteOutput();
                break;
            default:
                break;
        }
    }

    private void BeginClose(bool isReply)
    {
        _deadlines.ClearAllBut(Deadline.Write);
        _deadlines.Set(Deadline.Close, _options.CloseTimeout);
        if (isReply)
        {
            Inbox.End();
        }
        else
        {
            Inbox.Discard();
        }

        WriteClose(loseWaiting: false);
    }

    private void BeginFailure()
    {
        var isBreach = _close!.Cause is CloseCause.ProtocolViolation or CloseCause.MessageTooBig;
        _deadlines.ClearAllBut(Deadline.Write);
        _deadlines.Set(Deadline.Close, isBreach || _options.CloseTimeout < _lastWordTimeout ? _options.CloseTimeout : _lastWordTimeout);
        Inbox.End();
        WriteClose(loseWaiting: true);
        _reader.Wake();
    }

    private void WriteClose(bool loseWaiting)
    {
        Span<byte> payload = stackalloc byte[FrameHeader.MaxControlPayloadLength];
        var length = new ClosePayload(_close!.Code, _close.Reason).Write(payload);
        if (Queue.EnqueueClose(OutboundFrame.Rent(Opcode.Close, payload[..length]), loseWaiting))
        {
            _writer.Run();
        }
    }

    // Once, by whichever input brought the last state.
    private void End(CloseState before, CloseInput input)
    {
        var writerIsIdle = Queue.End(out var unsent);
        var close = _close! with { UnsentMessages = unsent };
        _deadlines.ClearAllBut(Deadline.Close);
        Pings.End(close);
        if (close.Cause is CloseCause.ClosedHere or CloseCause.Aborted)
        {
            Inbox.Discard();
        }

        Inbox.End();
        EndTransport(before, input, writerIsIdle);

        // Ended by the peer in good order: what it had said before is still heard out, but not for ever.
        var isHeardOut = close is { Cause: CloseCause.PeerClosed or CloseCause.PeerVanished, Error: null };
        if (isHeardOut && !Inbox.IsHandled)
        {
            _deadlines.Set(Deadline.Handled, _options.CloseTimeout);
        }

        _completion.TrySetResult(close);
        if (!isHeardOut || Inbox.IsHandled)
        {
            SetHandled();
        }
    }

    private void EndTransport(CloseState before, CloseInput input, bool writerIsIdle)
    {
        if (before == CloseState.Failing && input == CloseInput.CloseWritten)
        {
            // The peer is to find our Close before the transport is closed; see ConnectionReader.DiscardRestAsync.
            _deadlines.Set(Deadline.Quiet, _quietTime);
            CompleteAfterFailure(isInputEnded: false);
            return;
        }

        _deadlines.Clear(Deadline.Close);
        _isDiscardingOver = true;
        if (input == CloseInput.TransportEnded)
        {
            _transport.Abort();
        }

        if (input != CloseInput.TransportEnded || before == CloseState.CloseSent || writerIsIdle)
        {
            CompleteOutput();
        }

        _reader.Wake();
    }

    private void SetHandled()
    {
        if (_handled.TrySetResult())
        {
            // On the thread pool: the callbacks are the application's.
            _ = _lost.CancelAsync();
            StopDeadlines();
        }
    }

    private void StopDeadlines()
    {
        bool isOver;
        lock (_stateLock)
        {
            isOver = _isTransportDone && _handled.Task.IsCompleted;
        }

        if (isOver)
        {
            _deadlines.Stop();
        }
    }

    // The writer is done, so nobody else uses the output.
    private void CompleteOutput()
    {
        if (Interlocked.Exchange(ref _isOutputCompleted, 1) != 0)
        {
            return;
        }

        try
        {
            var completion = _transport.Output.CompleteAsync();
            if (!completion.IsCompletedSuccessfully)
            {
                _ = IgnoreErrorAsync(completion);
            }
        }
        catch (Exception)
        {
            // The transport is gone already.
        }

        static async Task IgnoreErrorAsync(ValueTask completion)
        {
            try
            {
                await completion;
            }
            catch (Exception)
            {
                // As above.
            }
        }
    }

    private async Task ReadAsync()
    {
        await _reader.RunAsync();
        try
        {
            await _transport.CompleteInputAsync();
        }
        catch (Exception)
        {
            // The transport is gone already.
        }

        lock (_stateLock)
        {
            _isTransportDone = true;
        }

        StopDeadlines();
    }

    private void OnDeadline(Deadline deadline)
    {
        // Such a one may be set again while the closing begins.
        if (deadline is Deadline.Ping or Deadline.Pong or Deadline.Read or Deadline.Message or Deadline.Unread && !MaySend)
        {
            return;
        }

        switch (deadline)
        {
            case Deadline.Ping:
                Span<byte> payload = stackalloc byte[PendingPings.PayloadLength];
                _heartbeat.BeginPing(payload);
                SendPing(payload);
                break;
            case Deadline.Pong when _heartbeat.IsPeerGone():
                Fail(new CloseInfo(CloseCode.InternalError, "No answer to a ping came in time.", CloseCause.PongTimeout));
                break;
            case Deadline.Read:
                Fail(new CloseInfo(CloseCode.PolicyViolation, "No message came in time.", CloseCause.ReadTimeout));
                break;
            case Deadline.Message:
                Fail(ProtocolViolations.MessageTooSlow, 0);
                break;
            case Deadline.Unread:
                Fail(new CloseInfo(CloseCode.PolicyViolation, "The application does not read.", CloseCause.Unread));
                break;
            case Deadline.Write:
                Abort(new CloseInfo(CloseCode.AbnormalClosure, "Nothing could be written in time.", CloseCause.WriteTimeout));
                break;
            case Deadline.Close:
                Abort(_close!);
                StopDiscarding();
                break;
            case Deadline.Quiet:
                StopDiscarding();
                break;
            case Deadline.Handled:
                SetHandled();
                break;
            default:
                break;
        }
    }

    private void StopDiscarding()
    {
        _isDiscardingOver = true;
        _reader.Wake();
    }

    private void Fail(ProtocolViolation violation, long size)
    {
        Violation ??= (violation, size);
        var cause = violation == ProtocolViolations.MessageTooBig ? CloseCause.MessageTooBig : CloseCause.ProtocolViolation;
        Fail(new CloseInfo(violation.Code, violation.Text, cause));
    }

    void IReaderOwner.OnBytesReceived() => _heartbeat.OnBytesReceived();

    void IReaderOwner.OnAllRead(bool isUnderWay)
    {
        if (!isUnderWay)
        {
            StopTimingMessage();
        }
        else if (!_isMessageTimed)
        {
            _isMessageTimed = true;
            _deadlines.Set(Deadline.Message, _options.MessageTimeout);
        }
    }

    void IReaderOwner.OnMessageReceived()
    {
        StopTimingMessage();
        if (_options.ReadTimeout > TimeSpan.Zero)
        {
            _deadlines.Set(Deadline.Read, _options.ReadTimeout);
        }
    }

    void IReaderOwner.OnReadPaused()
    {
        _heartbeat.Pause();
        StopTimingMessage();
        _deadlines.Clear(Deadline.Read);
        _deadlines.Set(Deadline.Unread, _options.UnreadLimit);
    }

    void IReaderOwner.OnReadResumed()
    {
        _heartbeat.Resume();
        _deadlines.Clear(Deadline.Unread);
        _deadlines.Set(Deadline.Read, _options.ReadTimeout);
    }

    void IReaderOwner.OnPing(ReadOnlySpan<byte> payload)
    {
        if (!_controlFrames.TryTake(_wheel.Now))
        {
            Fail(ProtocolViolations.TooManyControlFrames, 0);
        }
        else if (Queue.EnqueuePong(OutboundFrame.Rent(Opcode.Pong, payload)))
        {
            _writer.Run();
        }
    }

    void IReaderOwner.OnPong(ReadOnlySpan<byte> payload)
    {
        if (!Pings.Answer(payload) && !_controlFrames.TryTake(_wheel.Now))
        {
            Fail(ProtocolViolations.TooManyControlFrames, 0);
        }
    }

    void IReaderOwner.OnCloseReceived(ClosePayload payload) =>
        Step(CloseInput.CloseReceived, new CloseInfo(payload.Code, payload.Reason, CloseCause.PeerClosed));

    void IReaderOwner.OnViolation(ProtocolViolation violation, long size) => Fail(violation, size);

    void IReaderOwner.OnBytesDiscarded()
    {
        // Until our Close is written the close timeout alone decides.
        if (_isFailureWritten)
        {
            _deadlines.Set(Deadline.Quiet, _quietTime);
        }
    }

    void IReaderOwner.OnInputEnded(Exception? error)
    {
        CloseState state;
        lock (_stateLock)
        {
            state = _state;
        }

        var close = new CloseInfo(CloseCode.AbnormalClosure, string.Empty, CloseCause.PeerVanished, error);
        if (error is null && state is CloseState.Closing)
        {
            // The peer says no more, but may still read what was accepted for it.
            Step(CloseInput.CloseReceived, close);
        }
        else if (error is not null || state is CloseState.Open or CloseState.CloseSent)
        {
            Abort(close);
        }

        CompleteAfterFailure(isInputEnded: true);
    }

    void IWriterOwner.OnWriteStalled() => _deadlines.Set(Deadline.Write, _options.WriteTimeout);

    void IWriterOwner.OnWriteResumed() => _deadlines.Clear(Deadline.Write);

    void IWriterOwner.OnCloseWritten() => Step(CloseInput.CloseWritten, _close!);

    void IWriterOwner.OnWriteFailed(Exception? error)
    {
        Abort(new CloseInfo(CloseCode.AbnormalClosure, string.Empty, CloseCause.PeerVanished, error));
        CompleteOutput();
    }

    // The output of a failed connection is completed by what comes last: our Close is written, or the peer's bytes have ended.
    private void CompleteAfterFailure(bool isInputEnded)
    {
        bool isLast;
        lock (_stateLock)
        {
            _isInputEnded |= isInputEnded;
            _isFailureWritten |= !isInputEnded;
            isLast = _isInputEnded && _isFailureWritten;
        }

        if (isLast)
        {
            CompleteOutput();
        }
    }

    private void StopTimingMessage()
    {
        if (_isMessageTimed)
        {
            _isMessageTimed = false;
            _deadlines.Clear(Deadline.Message);
        }
    }
}
