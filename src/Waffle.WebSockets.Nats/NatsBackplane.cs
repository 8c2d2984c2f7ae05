using System.Collections.Concurrent;
using NATS.Client.Core;

namespace Waffle.WebSockets.Nats;

/// <summary>Publishes and subscribes through NATS; the driver has one connection, and restores it with its subscriptions by itself.</summary>
internal sealed class NatsBackplane : IBackplane
{
    private readonly ConcurrentDictionary<string, NatsSubscription> _subscriptions = new(StringComparer.Ordinal);

    private readonly NatsRefusals _refusals = new();
    private readonly NatsConnection _connection;
    private readonly Lock _endLock = new();

    // Also those that are being taken back.
    private readonly ConcurrentDictionary<NatsSubscription, bool> _receiving = new();
    private IBackplaneReceiver? _receiver;
    private volatile bool _isDisposed;

    public NatsBackplane(NatsOpts options) => _connection = new NatsConnection(options);

    /// <summary>How many channels are subscribed to.</summary>
    internal int Channels => _subscriptions.Count;

    public async ValueTask StartAsync(IBackplaneReceiver receiver, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _receiver, receiver) is null)
        {
            Listen(receiver);
        }

        while (!await TryConnectAsync(cancellationToken))
        {
            await Task.Delay(_connection.Opts.ReconnectWaitMin, cancellationToken);
        }
    }

    public async ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        // What waits for a connection in the driver loses its order there.
        ThrowIfNotConnected();
        try
        {
            await _connection.PublishAsync(channel, message, serializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default, cancellationToken: cancellationToken);
        }
        catch (Exception error) when (IsEngines(error, cancellationToken))
        {
            throw new BackplaneException($"NATS did not take a message: {error.Message}", error);
        }
    }

    public async ValueTask SubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        ThrowIfNotConnected();
        _refusals.ThrowIfRefused(channel);
        try
        {
            // Without the token: it would end the subscription whenever it fires.
            if (!_subscriptions.ContainsKey(channel))
            {
                var subscription = await _connection.SubscribeCoreAsync(
                    channel, serializer: NatsRawSerializer<NatsMemoryOwner<byte>>.Default, cancellationToken: CancellationToken.None);
                Begin(new NatsSubscription(channel, subscription, _receiver!));
            }

            // The server answers in order: what was asked before the ping is done. A ping that is given up would leave its answer to the wrong one.
            await _connection.PingAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception error) when (IsEngines(error, cancellationToken))
        {
            throw new BackplaneException($"NATS did not confirm a subscription: {error.Message}", error);
        }

        if (_refusals.Contains(channel))
        {
            // It was told before the subscription was known here.
            End(channel);
            _refusals.ThrowIfRefused(channel);
        }
    }

    public async ValueTask UnsubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        _refusals.Forget(channel);
        try
        {
            // Removed first: the driver has ended it also where the server could not be told, and whoever wants the channel again needs a new one.
            if (_subscriptions.TryRemove(channel, out var subscription))
            {
                await subscription.EndAsync();
            }
        }
        catch (Exception error) when (IsEngines(error, cancellationToken))
        {
            throw new BackplaneException($"NATS did not take a subscription back: {error.Message}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] stopping;
        lock (_endLock)
        {
            _isDisposed = true;
            stopping = [.. _receiving.Keys.Select(static subscription => subscription.StopAsync())];
        }

        // This ends them.
        await _connection.DisposeAsync();
        await Task.WhenAll(stopping);
    }

    private void Listen(IBackplaneReceiver receiver)
    {
        _connection.ConnectionOpened += (_, _) => Tell(() =>
        {
            _refusals.Clear();
            receiver.OnConnected();
        });
        _connection.ConnectionDisconnected += (_, _) => Tell(() => receiver.OnDisconnected(null));
        _connection.MessageDropped += (_, dropped) => Tell(() => receiver.OnMessagesDropped(dropped.Subject));
        _connection.ServerError += (_, refusal) => Tell(() => OnServerError(refusal.Error));
    }

    private ValueTask Tell(Action tell)
    {
        if (!_isDisposed)
        {
            tell();
        }

        return ValueTask.CompletedTask;
    }

    // The driver ends what takes too long by cancelling it.
    private static bool IsEngines(Exception error, CancellationToken cancellationToken) =>
        error is NatsException or ObjectDisposedException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private void ThrowIfNotConnected()
    {
        if (_connection.ConnectionState != NatsConnectionState.Open)
        {
            throw new BackplaneException("There is no connection to NATS.");
        }
    }

    private async Task<bool> TryConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _connection.ConnectAsync().AsTask().WaitAsync(cancellationToken);
            return true;
        }
        catch (NatsException)
        {
            return false;
        }
    }

    // A subscription that is not permitted is confirmed all the same, and nothing ever comes.
    private void OnServerError(string error)
    {
        if (_refusals.TryAdd(error) is { } channel && End(channel))
        {
            _receiver!.OnSubscriptionLost(channel);
        }
    }

    private bool End(string channel)
    {
        if (!_subscriptions.TryRemove(channel, out var subscription))
        {
            return false;
        }

        _ = subscription.EndAsync();
        return true;
    }

    private void Begin(NatsSubscription subscription)
    {
        lock (_endLock)
        {
            // Whoever disposes of it waits for all that begin before.
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _receiving[subscription] = true;
            _subscriptions[subscription.Channel] = subscription;
            subscription.Begin(OnEnded);
        }
    }

    private void OnEnded(NatsSubscription ended)
    {
        _receiving.TryRemove(ended, out _);
        if (!_isDisposed && _subscriptions.TryRemove(KeyValuePair.Create(ended.Channel, ended)))
        {
            _receiver!.OnSubscriptionLost(ended.Channel);
        }
    }
}
