using Waffle.WebSockets.Connections.Inbound;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.Protocol;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Connections;

/// <summary>Runs one connection: puts read loop, queue, writer, heartbeat and deadlines together, and carries what happens to whom it concerns.</summary>
internal sealed class ConnectionEngine : IReaderOwner, IWriterOwner
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

    public ConnectionEngine(
        ConnectionTransport transport, WebSocketConnectionOptions options, TimeProvider time, ConnectionCompression? compression = null)
    {
        _transport = transport;
        _options = options;
        var wheel = TimerWheel.For(time);
        _deadlines = new Deadlines(wheel, OnDeadline);
        Pings = new PendingPings(time);
        _heartbeat = new Heartbeat(options, Pings, _deadlines, wheel);
        Inbox = new Inbox(options.ReadAheadMessages);
        Queue = new OutboundQueue(options.SendQueueMaxBytes, options.SendQueueMaxMessages, wheel);
        _writer = new ConnectionWriter(Queue, transport.Output, this, compression);
        _end = new ConnectionEnd(transport, options, Inbox, Queue, Pings, _deadlines, _writer, compression);
        _readDeadlines = new ReadDeadlines(options, _deadlines, _heartbeat);
        _controlFrames = new ControlFrameHandler(Pings, Queue, _writer, time);
        var inflater = compression is null ? null : new MessageInflater(compression.Agreement.InflateWindowBits);
        var messages = new MessageReader(EndpointRole.Server, new MessageLimits(options.MaxMessageSize, options.MaxFragments), inflater);
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

    bool IReaderOwner.IsReadingOver => _end.IsReadingOver;

    bool IReaderOwner.IsDiscardingOver => _end.IsDiscardingOver;

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
    public void Close(CloseInfo close) => _end.Step(CloseInput.CloseRequested, close);

    /// <summary>Ends the connection for a fault, with a Close if it can still be written.</summary>
    public void Fail(CloseInfo close) => _end.Step(CloseInput.Failed, close);

    /// <summary>Cuts the connection at once, also one that has failed and still throws away what comes.</summary>
    public void Abort(CloseInfo close) => _end.Abort(close);

    /// <summary>A read has found the end: all that came before is handled.</summary>
    public void OnEndRead() => _end.SetHandled();

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

        _end.OnTransportDone();
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
                Fail(new Breach(ProtocolViolations.MessageTooSlow));
                break;
            case Deadline.Unread:
                Fail(new CloseInfo(CloseCode.PolicyViolation, "The application does not read.", CloseCause.Unread));
                break;
            case Deadline.Write:
                Abort(new CloseInfo(CloseCode.AbnormalClosure, "Nothing could be written in time.", CloseCause.WriteTimeout));
                break;
            case Deadline.Close:
                _end.OnCloseTimeout();
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

    private void Fail(Breach breach)
    {
        Breach ??= breach;
        var cause = breach.Rule == ProtocolViolations.MessageTooBig ? CloseCause.MessageTooBig : CloseCause.ProtocolViolation;
        Fail(new CloseInfo(breach.Rule.Code, breach.Rule.Text, cause));
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
