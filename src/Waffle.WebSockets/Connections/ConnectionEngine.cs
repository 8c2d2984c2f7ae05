using Waffle.WebSockets.Connections.Inbound;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections;

/// <summary>Runs one connection: read loop, queue, writer, heartbeat and deadlines around the closing handshake.</summary>
/// <remarks>The closing handshake's state is the only state; what follows from a transition is done outside its lock.</remarks>
internal sealed class ConnectionEngine : IReaderOwner, IWriterOwner
{
    // A peer that reads too slowly or answers no ping gets so long to take our Close.
    private static readonly TimeSpan _lastWordTimeout = TimeSpan.FromSeconds(1);

    // After a failure, what is still under way from the peer is thrown away until nothing has come for so long.
    private static readonly TimeSpan _quietTime = TimeSpan.FromMilliseconds(250);

    private readonly Lock _stateLock = new();
    private readonly ConnectionTransport _transport;
    private readonly WebSocketConnectionOptions _options;
    private readonly ConnectionReader _reader;
    private readonly ConnectionWriter _writer;
    private readonly Deadlines _deadlines;
    private readonly Heartbeat _heartbeat;
    private readonly TaskCompletionSource<CloseInfo> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EndOfWork _endOfWork = new();
    private readonly OutputEnd _outputEnd;
    private readonly ReadDeadlines _readDeadlines;
    private readonly ControlFrameHandler _controlFrames;
    private CloseState _state;
    private CloseInfo? _close;
    private volatile bool _isReadingOver;
    private volatile bool _isDiscardingOver;
    private bool _isTransportDone;

    public ConnectionEngine(ConnectionTransport transport, WebSocketConnectionOptions options, TimeProvider time)
    {
        _transport = transport;
        _options = options;
        var wheel = TimerWheel.For(time);
        _deadlines = new Deadlines(wheel, OnDeadline);
        Pings = new PendingPings(time);
        _heartbeat = new Heartbeat(options, Pings, _deadlines, wheel);
        Inbox = new Inbox(options.ReadAheadMessages);
        Queue = new OutboundQueue(options.SendQueueMaxBytes, options.SendQueueMaxMessages, wheel);
        _writer = new ConnectionWriter(Queue, transport.Output, this);
        _outputEnd = new OutputEnd(transport.Output);
        _readDeadlines = new ReadDeadlines(options, _deadlines, _heartbeat);
        _controlFrames = new ControlFrameHandler(Pings, Queue, _writer, time);
        var messages = new MessageReader(EndpointRole.Server, new MessageLimits(options.MaxMessageSize, options.MaxFragments));
        _reader = new ConnectionReader(transport.Input, messages, Inbox, this);
    }

    public Inbox Inbox { get; }

    public OutboundQueue Queue { get; }

    public PendingPings Pings { get; }

    /// <summary>How the connection ended.</summary>
    public Task<CloseInfo> Completion => _completion.Task;

    /// <summary>The connection has ended and what came before is handled, or need not be any more.</summary>
    public Task Handled => _endOfWork.Task;

    /// <summary>Fires with <see cref="Handled"/>.</summary>
    public CancellationToken Lost => _endOfWork.Token;

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
        _readDeadlines.Start();
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

    /// <summary>Sends a ping whose payload <see cref="Pings"/> has noted.</summary>
    public void SendPing(ReadOnlySpan<byte> payload) => _controlFrames.SendPing(payload);

    /// <summary>Begins the closing handshake behind what was accepted. Without effect once somebody has begun it.</summary>
    public void Close(CloseInfo close) => Step(CloseInput.CloseRequested, close);

    /// <summary>Ends the connection for a fault, with a Close if it can still be written.</summary>
    public void Fail(CloseInfo close) => Step(CloseInput.Failed, close);

    /// <summary>Cuts the connection at once, also one that has failed and still throws away what comes.</summary>
    public void Abort(CloseInfo close)
    {
        Step(CloseInput.TransportEnded, close);
        if (!_isDiscardingOver)
        {
            StopDiscarding();
        }
    }

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
                _outputEnd.Complete();
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
            _outputEnd.OnFailureWritten();
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
            _outputEnd.Complete();
        }

        _reader.Wake();
    }

    private void SetHandled()
    {
        if (_endOfWork.TrySet())
        {
            StopDeadlines();
        }
    }

    private void StopDeadlines()
    {
        bool isOver;
        lock (_stateLock)
        {
            isOver = _isTransportDone && Handled.IsCompleted;
        }

        if (isOver)
        {
            _deadlines.Stop();
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

    void IReaderOwner.OnAllRead(bool isUnderWay) => _readDeadlines.OnAllRead(isUnderWay);

    void IReaderOwner.OnMessageReceived() => _readDeadlines.OnMessageReceived();

    void IReaderOwner.OnReadPaused() => _readDeadlines.Pause();

    void IReaderOwner.OnReadResumed() => _readDeadlines.Resume();

    void IReaderOwner.OnPing(ReadOnlySpan<byte> payload)
    {
        if (!_controlFrames.OnPing(payload))
        {
            Fail(ProtocolViolations.TooManyControlFrames, 0);
        }
    }

    void IReaderOwner.OnPong(ReadOnlySpan<byte> payload)
    {
        if (!_controlFrames.OnPong(payload))
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
        if (_outputEnd.IsFailureWritten)
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

        _outputEnd.OnInputEnded();
    }

    void IWriterOwner.OnWriteStalled() => _deadlines.Set(Deadline.Write, _options.WriteTimeout);

    void IWriterOwner.OnWriteResumed() => _deadlines.Clear(Deadline.Write);

    void IWriterOwner.OnCloseWritten() => Step(CloseInput.CloseWritten, _close!);

    void IWriterOwner.OnWriteFailed(Exception? error)
    {
        Abort(new CloseInfo(CloseCode.AbnormalClosure, string.Empty, CloseCause.PeerVanished, error));
        _outputEnd.Complete();
    }
}
