using System.Collections.Concurrent;
using NATS.Client.Core;

namespace Waffle.WebSockets.Nats;

/// <summary>Publishes and subscribes through NATS; the driver has one connection, and restores it with its subscriptions by itself.</summary>
internal sealed class NatsBackplane : IBackplane
{
    private readonly ConcurrentDictionary<string, INatsSub<NatsMemoryOwner<byte>>> _subscriptions = new(StringComparer.Ordinal);
    private readonly NatsConnection _connection;
    private IBackplaneReceiver? _receiver;

    public NatsBackplane(NatsOpts options) => _connection = new NatsConnection(options);

    /// <summary>How many channels are subscribed to.</summary>
    internal int Channels => _subscriptions.Count;

    public async ValueTask StartAsync(IBackplaneReceiver receiver, CancellationToken cancellationToken)
    {
        _receiver = receiver;
        _connection.ConnectionOpened += (_, _) => Tell(receiver.OnConnected);
        _connection.ConnectionDisconnected += (_, _) => Tell(() => receiver.OnDisconnected(null));
        _connection.MessageDropped += (_, dropped) => Tell(() => receiver.OnMessagesDropped(dropped.Subject));
        _connection.ServerError += (_, refusal) => Tell(() => OnServerError(refusal.Error));
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
        try
        {
            // Without the token: it would end the subscription whenever it fires.
            if (!_subscriptions.ContainsKey(channel))
            {
                var subscription = await _connection.SubscribeCoreAsync<NatsMemoryOwner<byte>>(channel, cancellationToken: CancellationToken.None);
                _subscriptions[channel] = subscription;
                _ = ReceiveAsync(channel, subscription);
            }

            // The server answers in order: what was asked before the ping is done. A ping that is given up would leave its answer to the wrong one.
            await _connection.PingAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception error) when (IsEngines(error, cancellationToken))
        {
            throw new BackplaneException($"NATS did not confirm a subscription: {error.Message}", error);
        }
    }

    public async ValueTask UnsubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        try
        {
            if (_subscriptions.TryGetValue(channel, out var subscription))
            {
                await subscription.UnsubscribeAsync();
                _subscriptions.TryRemove(channel, out _);
            }
        }
        catch (Exception error) when (IsEngines(error, cancellationToken))
        {
            throw new BackplaneException($"NATS did not take a subscription back: {error.Message}", error);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static ValueTask Tell(Action tell)
    {
        tell();
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
        foreach (var (channel, _) in _subscriptions)
        {
            if (error.Contains($"Subscription to \"{channel}\"", StringComparison.OrdinalIgnoreCase) && _subscriptions.TryRemove(channel, out var refused))
            {
                _ = refused.UnsubscribeAsync().AsTask();
                _receiver!.OnSubscriptionLost(channel);
            }
        }
    }

    private async Task ReceiveAsync(string channel, INatsSub<NatsMemoryOwner<byte>> subscription)
    {
        try
        {
            await foreach (var message in subscription.Msgs.ReadAllAsync())
            {
                using var owner = message.Data;
                _receiver!.OnMessage(channel, owner.Span);
            }
        }
        finally
        {
            // Not taken back: the driver has ended it by itself.
            if (_subscriptions.TryRemove(KeyValuePair.Create(channel, subscription)))
            {
                _receiver!.OnSubscriptionLost(channel);
            }
        }
    }
}
