using Microsoft.Extensions.Logging;

namespace Waffle.WebSockets.Backplane;

/// <summary>One server's part in a backplane: publishes, subscribes, hears others, watches the engine, asks and answers.</summary>
internal sealed class BackplaneLink : IBackplaneReceiver, ISubscriptionOwner, IEngineWatchOwner, IIntakeOwner, IAsyncDisposable
{
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
    private int _isDisposed;

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
        _outbox = new Outbox(sender, _messages, _self, options);
        _questions = new Questions(_messages, _servers, options.AnswerTimeout, time);
        _answers = new Answers(_messages, owner, _events);
        _intake = new Intake(_self, _subscriptions, _servers, this, metrics);
        _gaps = new GapReports(TellGap, time);
        _watch = new EngineWatch(this, options.HeartbeatInterval, time);
    }

    /// <summary>The other servers that are heard.</summary>
    public IReadOnlyList<KnownServer> Servers => _servers.Servers;

    public EngineState State => _watch.State;

    /// <summary>What is subscribed to, or about to be.</summary>
    public IReadOnlyList<ChannelScope> Subscriptions => _subscriptions.Scopes;

    /// <summary>How much waits to be published.</summary>
    public long WaitingBytes => _outbox.WaitingBytes;

    /// <summary>Completes when the engine is there for the first time; fails when the link ends before.</summary>
    public Task There => _there.Task;

    /// <summary>Begins, and does not wait for the engine.</summary>
    public void Start()
    {
        _ = _subscriptions.Check(ChannelScope.Servers);
        _ = _subscriptions.Check(_inbox);
        _ = StartBackplaneAsync();
    }

    /// <summary>A server's name, also of one that has just gone.</summary>
    public string? FindName(Guid server) => _servers.Find(server)?.Name;

    /// <summary>Takes a message to be published to one scope or to several rooms, without waiting. Takes over a reference for each.</summary>
    public PublishStatus Publish(IReadOnlyList<ChannelScope> scopes, MessageAttributes attributes, IPublishedBytes message)
    {
        if (scopes.Count > 1)
        {
            attributes = attributes with { Rooms = new SeveralRooms(_outbox.NextSeveral(), [.. scopes.Select(static scope => scope.Name)]) };
        }

        var status = PublishStatus.None;
        foreach (var scope in scopes)
        {
            status = Worse(status, Publish(scope, attributes, message));
        }

        return status;
    }

    /// <summary>Takes a message to be published, without waiting. Takes over the reference to it.</summary>
    public PublishStatus Publish(ChannelScope scope, in MessageAttributes attributes, IPublishedBytes message) =>
        Publish(scope, EnvelopeKind.Message, attributes, message);

    /// <summary>Orders all servers to disconnect members.</summary>
    public PublishStatus PublishDisconnect(IReadOnlyList<ChannelScope> scopes, in DisconnectOrder order)
    {
        var content = PublishedArray.Encode(order.Write);
        var status = PublishStatus.None;
        foreach (var scope in scopes)
        {
            status = Worse(status, Publish(scope, EnvelopeKind.Disconnect, null, content));
        }

        return status;
    }

    /// <summary>Members of a channel have come or gone.</summary>
    /// <returns>Completes when what is published from then on arrives.</returns>
    public Task OnMembersChanged(ChannelScope scope) => _subscriptions.Check(scope);

    /// <summary>Somebody goes on without that.</summary>
    public void WaitNoMore(ChannelScope scope) => _subscriptions.WaitNoMore(scope);

    public Task<(IReadOnlyList<ServerAnswer> Answers, IReadOnlyList<KnownServer> Missing, TimeSpan Age)> AskAsync(
        IReadOnlyList<ChannelScope> scopes, bool wantsMembers, CancellationToken cancellationToken) =>
        _questions.AskAsync(scopes, wantsMembers, cancellationToken);

    /// <summary>Publishes what still waits and says goodbye, for a second at most, and disposes of the backplane.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _watch.Dispose();
        _answers.Dispose();
        _gaps.Dispose();
        await _end.CancelAsync();
        _there.TrySetException(new ObjectDisposedException("The backplane was disposed of before its engine was there.", innerException: null));
        _ = _there.Task.Exception;
        try
        {
            await SayGoodbyeAsync().WaitAsync(_drainTime, _time);
        }
        catch (TimeoutException)
        {
            // The engine does not take it: then others find out by the lease.
        }

        _outbox.Dispose();
        _messages.Dispose();
        _subscriptions.Dispose();
        try
        {
            await Task.Run(async () => await _backplane.DisposeAsync()).WaitAsync(_endTime, _time);
        }
        catch (Exception error)
        {
            _events.EndFailed(error);
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
            Gap(GapCause.Lost, ScopesOf(channel), missing: 1);
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
        _events.Away();
    }

    void IEngineWatchOwner.OnThere(IReadOnlyList<ChannelScope> renewed, bool wasAway)
    {
        _outbox.Resume();
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
    }

    void IIntakeOwner.OnMessage(ChannelScope scope, in MessageAttributes attributes, ReadOnlySpan<byte> message) =>
        _owner.OnMessage(scope, attributes, message);

    void IIntakeOwner.OnDisconnect(ChannelScope scope, in DisconnectOrder order) => _owner.OnDisconnect(scope, order);

    void IIntakeOwner.OnHole(ChannelScope scope, Guid server, long missing) => Gap(GapCause.Lost, [scope], missing, server);

    void IIntakeOwner.OnServerLost(Guid server) => Gap(GapCause.Lost, _subscriptions.Scopes, missing: null, server);

    void IIntakeOwner.OnHeartbeat(Guid server, in Heartbeat heartbeat)
    {
        if (_servers.Hear(server, heartbeat))
        {
            // So that who has just come knows all others at once.
            _watch.OnServerCame();
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

    private static PublishStatus Worse(PublishStatus one, PublishStatus other) => one > other ? one : other;

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

    private PublishStatus Publish(ChannelScope scope, EnvelopeKind kind, in MessageAttributes? attributes, IPublishedBytes content)
    {
        if (_outbox.Add(scope, kind, attributes, content) is not { } refusal)
        {
            _metrics.Published();
            return PublishStatus.Accepted;
        }

        _metrics.Refused(refusal);
        _events.Refused(refusal);
        return PublishStatus.Failed;
    }

    private IReadOnlyList<ChannelScope> ScopesOf(string channel) => _subscriptions.Find(channel) is { } subscription ? [subscription.Scope] : [];

    private void Gap(GapCause cause, IReadOnlyList<ChannelScope> scopes, long? missing = null, Guid? server = null)
    {
        ChannelScope[] ofMembers = [.. scopes.Where(_owner.HasMembers)];
        if (ofMembers.Length > 0)
        {
            _gaps.Add(new GapReport(cause, ofMembers, missing, server is { } id ? FindName(id) : null));
        }
    }

    private void TellGap(GapReport report)
    {
        _metrics.Gap(report.Cause);
        _owner.OnGap(report);
    }
}
