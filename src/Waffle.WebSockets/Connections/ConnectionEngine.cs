using Waffle.WebSockets.Connections.Inbound;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Diagnostics;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Connections;

/// <summary>Runs one connection: puts read loop, queue, writer, heartbeat and deadlines together, and carries what happens to whom it concerns.</summary>
internal sealed class ConnectionEngine : IReaderOwner, IWriterOwner, IDeadlineOwner
{
    private readonly ConnectionTransport _transport;
    private readonly WebSocketConnectionOptions _options;
    private readonly MessageAssembler _messages;
    private readonly ConnectionReader _reader;
    private readonly ConnectionWriter _writer;
    private readonly Deadlines _deadlines;
    private readonly Heartbeat _heartbeat;
    private readonly ConnectionEnd _end;
    private readonly ReadDeadlines _readDeadlines;
    private readonly ControlFrameHandler _controlFrames;
    private readonly LimitHits _hits;
    private int _signIn;
    private DelayedClose? _later;

    public ConnectionEngine(
        ConnectionTransport transport,
        WebSocketConnectionOptions options,
        TimeProvider time,
        ConnectionCompression? compression,
        LimitHits hits,
        IConnectionOwner? owner = null)
    {
        _transport = transport;
        _options = options;
        _hits = hits;
        var wheel = TimerWheel.For(time);
        _deadlines = new Deadlines(wheel, this);
        Pings = new PendingPings(time);
        _heartbeat = new Heartbeat(options, Pings, _deadlines, wheel);
        Inbox = new Inbox(options.ReadAheadMessages);
        Queue = new OutboundQueue(options.SendQueueMaxBytes, options.SendQueueMaxMessages, wheel);
        _writer = new ConnectionWriter(Queue, transport.Output, this, compression);
        _end = new ConnectionEnd(transport, options, Inbox, Queue, Pings, _deadlines, _writer, compression, owner);
        _readDeadlines = new ReadDeadlines(options, _deadlines, _heartbeat);
        _controlFrames = new ControlFrameHandler(Pings, Queue, _writer, time);
        var inflater = compression is null ? null : new MessageInflater(compression.Agreement.InflateWindowBits);
        var messages = new MessageReader(EndpointRole.Server, new MessageLimits(options.MaxMessageSize, options.MaxFragments == 0 ? int.MaxValue : options.MaxFragments), inflater);
        _messages = messages.Assembler;
        _reader = new ConnectionReader(transport.Input, messages, Inbox, this);
    }

    public Inbox Inbox { get; }

    public OutboundQueue Queue { get; }

    public PendingPings Pings { get; }

    /// <summary>How the connection ended.</summary>
    public Task<CloseInfo> Completion => _end.Completion;

    /// <summary>The connection has ended and what came before is handled, or need not be any more.</summary>
    public Task Handled => _end.Handled;

    /// <summary>Fires with <see cref="Handled"/>.</summary>
    public CancellationToken Lost => _end.Lost;

    /// <summary>The read loop; ends after everything else.</summary>
    public Task Reading { get; private set; } = Task.CompletedTask;

    /// <summary>The rule that the peer broke.</summary>
    public Breach? Breach { get; private set; }

    /// <summary>What the next frame's message may have, in bytes.</summary>
    public int MaxMessageSize
    {
        get => _messages.MaxSize;
        set => _messages.MaxSize = value;
    }

    public bool MaySend => _end.MaySend;

    /// <summary>What has gone through.</summary>
    public ConnectionTraffic Traffic => new(_reader.MessageCount, _reader.ByteCount, _writer.MessageCount, _writer.ByteCount);

    bool IReaderOwner.IsReadingOver => _end.IsReadingOver;

    bool IReaderOwner.IsDiscardingOver => _end.IsDiscardingOver;

    /// <param name="signInTimeout">How long the peer may take to say who it is; zero: for ever.</param>
    public void Start(TimeSpan signInTimeout)
    {
        _heartbeat.Start();
        _readDeadlines.Start();
        _deadlines.Set(Deadline.SignIn, signInTimeout);
        Reading = _reader.RunAsync();
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
            case EnqueueOutcome.QueuedForOldest:
                CountFullQueue();
                return SendStatus.Queued;
            case EnqueueOutcome.Overflowed:
                Fail(new CloseInfo(CloseCode.TryAgainLater, "The connection reads too slowly.", CloseCause.SlowConsumer));
                CountFullQueue();
                return SendStatus.Dropped;
            case EnqueueOutcome.Dropped:
                CountFullQueue();
                return SendStatus.Dropped;
            default:
                return SendStatus.Closed;
        }
    }

    /// <summary>As <see cref="Settle"/>, for a message to this connection alone.</summary>
    // Who has more to read may well answer more, which then leaves in the same write.
    public SendStatus SettleSend(EnqueueOutcome outcome) =>
        outcome == EnqueueOutcome.QueuedAndIdle && Inbox.HasWaiting && TryQueueWriter() ? SendStatus.Queued : Settle(outcome);

    private bool TryQueueWriter()
    {
        try
        {
            return ThreadPool.UnsafeQueueUserWorkItem(_writer, preferLocal: true);
        }
        catch (OutOfMemoryException)
        {
            // Somebody has to write, so the sender does.
            return false;
        }
    }

    /// <summary>A send has waited for room in vain.</summary>
    public void OnWaitTimedOut() => _hits.Add(Limits.WriteTimeout, _options.WriteTimeout);

    /// <summary>The peer has said who it is; <see langword="false"/> if that is too late.</summary>
    public bool TrySignIn()
    {
        if (Interlocked.CompareExchange(ref _signIn, SignInState.Done, SignInState.Awaited) == SignInState.Missed)
        {
            return false;
        }

        _deadlines.Clear(Deadline.SignIn);
        return MaySend;
    }

    /// <summary>Sends a ping whose payload <see cref="Pings"/> has noted.</summary>
    public void SendPing(ReadOnlySpan<byte> payload) => _controlFrames.SendPing(payload);

    /// <summary>Begins the closing handshake behind what was accepted. Without effect once somebody has begun it.</summary>
    public void Close(CloseInfo close) => _end.Step(CloseInput.CloseRequested, close);

    /// <summary>Whether a Close waits until all is handled, or has waited.</summary>
    public bool IsClosePending => _later is { IsPending: true };

    /// <summary>Closes that wait for something.</summary>
    public DelayedClose Later => _later ?? CreateLater();

    /// <summary>The application is done with the connection: closes it, as it was asked to be then, or in good order.</summary>
    public void CloseAtLast()
    {
        if (_later is null || !_later.TryCloseNow())
        {
            Close(new CloseInfo(CloseCode.NormalClosure, string.Empty, CloseCause.ClosedHere));
        }
    }

    /// <summary>Ends the connection for a fault, with a Close if it can still be written.</summary>
    public void Fail(CloseInfo close) => _end.Step(CloseInput.Failed, close);

    /// <summary>Cuts the connection at once, also one that has failed and still throws away what comes.</summary>
    /// <param name="close">The end, if nobody has begun another.</param>
    /// <param name="isCutHere">Whether its time was over, or the server's.</param>
    /// <returns>Whether it had not ended before.</returns>
    public bool Abort(CloseInfo close, bool isCutHere = false) => _end.Abort(close, isCutHere);

    /// <summary>Whether it was cut because its time was over, or the server's.</summary>
    public bool IsCutHere => _end.IsCutHere;

    /// <summary>A read has found the end: all that came before is handled.</summary>
    public void OnEndRead() => _end.SetHandled();

    async ValueTask IReaderOwner.ReleaseInputAsync()
    {
        try
        {
            await _transport.CompleteInputAsync();
        }
        catch (Exception)
        {
            // The transport is gone already.
        }

        _end.OnTransportDone();
    }

    void IDeadlineOwner.OnDeadline(Deadline deadline)
    {
        // Such a one may be set again while the closing begins.
        if (deadline is Deadline.Ping or Deadline.Pong or Deadline.Read or Deadline.Message or Deadline.Unread or Deadline.SignIn or Deadline.PendingClose or Deadline.Age
            && !MaySend)
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
                _hits.Add(Limits.PongTimeout, _heartbeat.PongTimeout);
                break;
            case Deadline.Read:
                Fail(new CloseInfo(CloseCode.PolicyViolation, "No message came in time.", CloseCause.ReadTimeout));
                _hits.Add(Limits.ReadTimeout, _options.ReadTimeout);
                break;
            case Deadline.Message:
                Fail(new Breach(ProtocolViolations.MessageTooSlow));
                break;
            case Deadline.Unread:
                Fail(new CloseInfo(CloseCode.PolicyViolation, "The application does not read.", CloseCause.Unread));
                _hits.Add(Limits.UnreadLimit, _options.UnreadLimit);
                break;
            case Deadline.SignIn when Interlocked.CompareExchange(ref _signIn, SignInState.Missed, SignInState.Awaited) == SignInState.Awaited:
                Fail(new CloseInfo(CloseCode.Unauthorized, "The client did not sign in in time.", CloseCause.AuthenticationTimeout));
                _hits.Add(Limits.AuthenticationTimeout, _options.AuthenticationTimeout);
                break;
            case Deadline.Age or Deadline.PendingClose:
                Later.OnDeadline(deadline);
                break;
            case Deadline.Write:
                Abort(new CloseInfo(CloseCode.AbnormalClosure, "Nothing could be written in time.", CloseCause.WriteTimeout), isCutHere: true);
                _hits.Add(Limits.WriteTimeout, _options.WriteTimeout);
                break;
            case Deadline.Close:
                if (_end.OnCloseTimeout())
                {
                    _hits.Add(Limits.CloseTimeout, _options.CloseTimeout);
                }

                break;
            case Deadline.Quiet:
                _end.StopDiscarding();
                break;
            case Deadline.Handled:
                _end.SetHandled();
                break;
            default:
                break;
        }
    }

    private DelayedClose CreateLater()
    {
        Interlocked.CompareExchange(ref _later, new DelayedClose(_end, Inbox, _deadlines), null);
        return _later;
    }

    private void Fail(Breach breach)
    {
        Breach ??= breach;
        var cause = breach.Rule == ProtocolViolations.MessageTooBig ? CloseCause.MessageTooBig : CloseCause.ProtocolViolation;
        Fail(new CloseInfo(breach.Rule.Code, breach.Rule.Text, cause));
        BreachedLimits.Count(_hits, breach, _options);
    }

    private void CountFullQueue()
    {
        if (Queue.IsFullByCount)
        {
            _hits.Add(Limits.SendQueueMaxMessages, _options.SendQueueMaxMessages);
        }
        else
        {
            _hits.Add(Limits.SendQueueMaxBytes, _options.SendQueueMaxBytes);
        }
    }

    void IReaderOwner.OnBytesReceived() => _heartbeat.OnLife();

    void IReaderOwner.OnAllRead(bool isUnderWay) => _readDeadlines.OnAllRead(isUnderWay);

    void IReaderOwner.OnMessageReceived() => _readDeadlines.OnMessageReceived();

    void IReaderOwner.OnReadPaused() => _readDeadlines.Pause();

    void IReaderOwner.OnReadResumed() => _readDeadlines.Resume();

    void IReaderOwner.OnPing(ReadOnlySpan<byte> payload)
    {
        if (!_controlFrames.OnPing(payload))
        {
            Fail(new Breach(ProtocolViolations.TooManyControlFrames));
        }
    }

    void IReaderOwner.OnPong(ReadOnlySpan<byte> payload)
    {
        if (!_controlFrames.OnPong(payload))
        {
            Fail(new Breach(ProtocolViolations.TooManyControlFrames));
        }
    }

    void IReaderOwner.OnCloseReceived(ClosePayload payload) =>
        _end.Step(CloseInput.CloseReceived, new CloseInfo(payload.Code, payload.Reason, CloseCause.PeerClosed));

    void IReaderOwner.OnViolation(Breach breach) => Fail(breach);

    void IReaderOwner.OnBytesDiscarded() => _end.OnBytesDiscarded();

    void IReaderOwner.OnTooMuchDiscarded() => _hits.Add(Limits.DataAfterClose, ConnectionReader.MaxDiscarded);

    void IReaderOwner.OnInputEnded(Exception? error) => _end.OnInputEnded(error);

    void IWriterOwner.OnWriteStalled() => _deadlines.Set(Deadline.Write, _options.WriteTimeout);

    void IWriterOwner.OnWriteResumed()
    {
        _deadlines.Clear(Deadline.Write);

        // Our pings wait behind the frame under way; a peer that takes it is there.
        _heartbeat.OnLife();
    }

    void IWriterOwner.OnCloseWritten() => _end.OnCloseWritten();

    void IWriterOwner.OnWriteFailed(Exception? error) => _end.OnWriteFailed(error);
}
