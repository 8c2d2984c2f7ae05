using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.Backplane;

/// <summary>One server's part in a backplane: publishes, subscribes, hears others, watches the engine, asks and answers.</summary>
internal sealed class BackplaneLink : IBackplaneReceiver, ISubscriptionOwner, IEngineWatchOwner, IIntakeOwner, IAsyncDisposable
{
    // What a server that is heard of late may be forgiven before it counts as one that was cut off.
    private const int IntervalsToMeetAll = 2;

    private static readonly TimeSpan _drainTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _retryPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _endTime = TimeSpan.FromSeconds(2);

    private readonly Guid _self = Guid.NewGuid();
    private readonly IBackplane _backplane;
    private readonly BackplaneOptions _options;
    private readonly ILinkOwner _owner;
    private readonly BackplaneMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly BackplaneEvents _events;
    private readonly ServerDirectory _servers;
    private readonly ServerMessages _messages;
    private readonly Subscriptions _subscriptions;
    private readonly Outbox _outbox;
    private readonly Questions _questions;
    private readonly Answers _answers;
    private readonly Intake _intake;
    private readonly GapReports _gaps;
    private readonly EngineWatch _watch;
    private readonly ChannelScope _inbox;
    private readonly TaskCompletionSource _there = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _disposeLock = new();
    private Task? _disposing;
    private long _thereSince;
    private bool _isAwayTold;

    public BackplaneLink(
        IBackplane backplane, BackplaneOptions options, ILinkOwner owner, TimeProvider time, BackplaneMetrics metrics, ILogger logger)
    {
        (_backplane, _options, _owner, _metrics, _time) = (backplane, options, owner, metrics, time);
        _events = new BackplaneEvents(logger, time);
        _inbox = ChannelScope.OfServer(_self);
        _servers = new ServerDirectory(options.ServerLease, time);
        var sender = new EnvelopeSender(backplane);
        _messages = new ServerMessages(sender, _self, options.HubName!);
        _subscriptions = new Subscriptions(backplane, this, options.HubName!, time, _retryPause);
        _outbox = new Outbox(sender, _messages, _self, options, time);
        Publications = new Publications(_outbox, metrics, _events);
        _questions = new Questions(_messages, _servers, options.AnswerTimeout, time);
        _answers = new Answers(_messages, owner, _events);
        _intake = new Intake(_self, _subscriptions, _servers, this, metrics);
        _gaps = new GapReports(TellGap, time);
        _watch = new EngineWatch(this, options.HeartbeatInterval, time);
    }

    /// <summary>This server's id, new at each start.</summary>
    public Guid Id => _self;

    /// <summary>The way to the members on other servers.</summary>
    public Publications Publications { get; }

    /// <summary>The other servers that are heard.</summary>
    public IReadOnlyList<KnownServer> Servers => _servers.Servers;

    public EngineState State => _watch.State;

    /// <summary>Whether all servers that there are have had the time to be heard.</summary>
    public bool KnowsAll => HasBeenThereFor(1);

    /// <summary>What is subscribed to, or about to be.</summary>
    public IReadOnlyList<ChannelScope> Subscriptions => _subscriptions.Scopes;

    /// <summary>How much waits to be published.</summary>
    public long WaitingBytes => _outbox.WaitingBytes;

    /// <summary>How many questions wait for answers.</summary>
    public int OpenQuestions => _questions.Open;

    /// <summary>Completes when the engine is there for the first time; fails when the link ends before.</summary>
    public Task There => _there.Task;

    /// <summary>Begins, and does not wait for the engine.</summary>
    public void Start()
    {
        _ = _subscriptions.Check(ChannelScope.Servers);
        _ = _subscriptions.Check(_inbox);
        _ = Task.Run(StartBackplaneAsync);
    }

    /// <summary>A server's name, also of one that has just gone.</summary>
    public string? FindName(Guid server) => _servers.Find(server) is { Name.Length: > 0 } known ? known.Name : null;

    /// <summary>Members of a channel have come or gone.</summary>
    /// <returns>Completes when what is published from then on arrives.</returns>
    public Task OnMembersChanged(ChannelScope scope) => _subscriptions.Check(scope);

    /// <summary>Somebody goes on without that.</summary>
    public void WaitNoMore(ChannelScope scope) => _subscriptions.WaitNoMore(scope);

    public Task<(IReadOnlyList<ServerAnswer> Answers, IReadOnlyList<KnownServer> Missing, TimeSpan Age)> AskAsync(
        IReadOnlyList<ChannelScope> scopes, bool wantsMembers, CancellationToken cancellationToken) =>
        _questions.AskAsync(scopes, wantsMembers, cancellationToken);

    /// <summary>Publishes what still waits and says goodbye, for a second at most, and disposes of the backplane. Called again, it returns the same.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_disposeLock)
        {
            // Whatever context it is called in: nothing here may need that.
            return new ValueTask(_disposing ??= Task.Run(EndAsync));
        }
    }

    void IBackplaneReceiver.OnMessage(string channel, ReadOnlySpan<byte> message)
    {
        try
        {
            _intake.Take(channel, message);
        }
        catch (Exception error)
        {
            // Such as no memory for it. The loop that hears others must go on.
            _events.Failed(error);
            Gap(GapCause.Lost, ScopesOf(channel));
        }
    }

    void IBackplaneReceiver.OnConnected() => _watch.OnConnected();

    void IBackplaneReceiver.OnDisconnected(Exception? error)
    {
        _events.Disconnected(error);
        _watch.OnDisconnected();
    }

    void IBackplaneReceiver.OnMessagesDropped(string? channel) => Gap(GapCause.Overflow, channel is null ? _subscriptions.Scopes : ScopesOf(channel));

    void IBackplaneReceiver.OnSubscriptionLost(string channel) => _subscriptions.OnLost(channel);

    bool ISubscriptionOwner.IsWanted(ChannelScope scope) => scope == ChannelScope.Servers || scope == _inbox || _owner.HasMembers(scope);

    void ISubscriptionOwner.OnSubscriptionFailed(ChannelScope scope, Exception error) => _events.SubscriptionFailed(error);

    void ISubscriptionOwner.OnConfirmedLate(ChannelScope scope) => Gap(GapCause.LateSubscription, [scope]);

    void IEngineWatchOwner.SendHeartbeat(long number) =>
        _ = _messages.TellAllAsync(
            EnvelopeKind.Heartbeat, new Heartbeat(_options.ServerName, _owner.IsPublisherOnly, _owner.Clients, number).Write);

    async Task<IReadOnlyList<ChannelScope>> IEngineWatchOwner.RenewAsync(CancellationToken cancellationToken)
    {
        var renewed = _subscriptions.Renew();
        await Task.WhenAll(renewed[ChannelScope.Servers], renewed[_inbox]).WaitAsync(cancellationToken);
        try
        {
            await Task.WhenAll(renewed.Values).WaitAsync(_options.HeartbeatInterval, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // One that the engine does not confirm must not keep all others from going on; what it misses is told when it is confirmed.
            foreach (var scope in renewed.Keys)
            {
                _subscriptions.WaitNoMore(scope);
            }
        }

        return [.. renewed.Keys];
    }

    void IEngineWatchOwner.OnAway()
    {
        _outbox.Hold();
        _subscriptions.Hold();
        TellAway();
    }

    void IEngineWatchOwner.OnThere(IReadOnlyList<ChannelScope> renewed, bool wasAway)
    {
        _outbox.Resume();
        Volatile.Write(ref _thereSince, _time.GetTimestamp());
        _isAwayTold = false;
        _events.There();
        _there.TrySetResult();
        if (wasAway)
        {
            Gap(GapCause.Outage, renewed);
        }
    }

    void IEngineWatchOwner.OnWatchFailed(Exception error) => _events.Failed(error);

    void IEngineWatchOwner.OnTick()
    {
        foreach (var gone in _servers.Forget())
        {
            _intake.Forget(gone);
        }

        if (State == EngineState.There)
        {
            _outbox.MarkLossyChannels();
        }
        else
        {
            TellAway();
        }
    }

    void IIntakeOwner.OnMessage(ChannelScope scope, in MessageAttributes attributes, ReadOnlySpan<byte> message) =>
        _owner.OnMessage(scope, attributes, message);

    void IIntakeOwner.OnDisconnect(ChannelScope scope, in DisconnectOrder order) => _owner.OnDisconnect(scope, order);

    void IIntakeOwner.OnHole(ChannelScope scope, Guid server, long missing) => Gap(GapCause.Lost, [scope], missing, server);

    void IIntakeOwner.OnServerLost(Guid server) => Gap(GapCause.Lost, _subscriptions.Scopes, missing: null, server);

    void IIntakeOwner.OnHeartbeat(Guid server, in Heartbeat heartbeat)
    {
        // One without a number looks for the engine, and hears nobody yet.
        if (heartbeat.Number < Heartbeat.First || !_servers.Hear(server, heartbeat))
        {
            return;
        }

        // So that who has just come knows all others at once.
        _watch.OnServerCame();
        if (heartbeat.Number > Heartbeat.First && HasBeenThereFor(IntervalsToMeetAll))
        {
            // Both were there, and did not hear each other.
            ((IIntakeOwner)this).OnServerLost(server);
        }
    }

    void IIntakeOwner.OnEcho(in Heartbeat heartbeat) => _watch.OnEcho(heartbeat.Number);

    void IIntakeOwner.OnFarewell(Guid server) => _servers.Leave(server);

    void IIntakeOwner.OnQuestion(Guid server, in ClusterQuestion question)
    {
        if (!_owner.IsPublisherOnly)
        {
            _answers.Add(server, question);
        }
    }

    void IIntakeOwner.OnAnswer(Guid server, in ClusterAnswer answer) => _questions.OnAnswer(server, answer);

    void IIntakeOwner.OnGarbage() => _events.Garbage();

    private bool HasBeenThereFor(int intervals) =>
        State == EngineState.There && _time.GetElapsedTime(Volatile.Read(ref _thereSince)) >= intervals * _options.HeartbeatInterval;

    private void TellAway()
    {
        if (!_isAwayTold)
        {
            _isAwayTold = true;
            _events.Away();
        }
    }

    private async Task EndAsync()
    {
        _watch.Dispose();
        _answers.Dispose();
        _gaps.Dispose();
        await _end.CancelAsync();
        _there.TrySetException(new ObjectDisposedException("The backplane was disposed of before its engine was there.", innerException: null));
        _ = _there.Task.Exception;
        try
        {
            // If the engine does not take it, others find out by the lease. In a task of its own: an adapter may block.
            await Task.Run(SayGoodbyeAsync).WaitAsync(_drainTime, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _outbox.Dispose();
            _messages.Dispose();
            _subscriptions.Dispose();
            await Task.Run(async () => await _backplane.DisposeAsync()).WaitAsync(_endTime, _time);
        }
        catch (Exception error)
        {
            _events.EndFailed(error);
        }
    }

    private async Task StartBackplaneAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await _backplane.StartAsync(this, _end.Token);
                return;
            }
            catch (Exception error) when (!_end.IsCancellationRequested)
            {
                _events.StartFailed(error);
                await Task.Delay(_options.HeartbeatInterval, _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private async Task SayGoodbyeAsync()
    {
        await _outbox.CompleteAsync();
        await _messages.TellAllAsync(EnvelopeKind.Farewell);
    }

    private IReadOnlyList<ChannelScope> ScopesOf(string channel) => _subscriptions.Find(channel) is { } subscription ? [subscription.Scope] : [];

    private void Gap(GapCause cause, IReadOnlyList<ChannelScope> scopes, long? missing = null, Guid? server = null)
    {
        ChannelScope[] ofMembers = [.. scopes.Where(_owner.HasMembers)];
        if (ofMembers.Length > 0)
        {
            _gaps.Add(new GapReport(cause, ofMembers, missing, server));
        }
    }

    private void TellGap(GapReport report)
    {
        try
        {
            _metrics.Gap(report.Cause);
            _owner.OnGap(report);
        }
        catch (Exception error)
        {
            // Also called by a timer, where nobody would catch it.
            _events.Failed(error);
        }
    }
}
