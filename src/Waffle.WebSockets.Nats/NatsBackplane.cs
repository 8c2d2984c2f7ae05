using System.Collections.Concurrent;
using NATS.Client.Core;

namespace Waffle.WebSockets.Nats;

/// <summary>Publishes and subscribes through NATS; the driver has one connection, and restores it with its subscriptions by itself.</summary>
internal sealed class NatsBackplane : IBackplane
{
    private const string SubscriptionRefused = "Permissions Violation for Subscription to \"";

    private readonly ConcurrentDictionary<string, NatsSubscription> _subscriptions = new(StringComparer.Ordinal);

    // What the server has refused on this connection: it is not asked again before the next one, or until nobody wants the channel any more.
    private readonly ConcurrentDictionary<string, bool> _refused = new(StringComparer.Ordinal);
    private readonly NatsConnection _connection;
    private IBackplaneReceiver? _receiver;

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
        ThrowIfRefused(channel);
        try
        {
            // Without the token: it would end the subscription whenever it fires.
            if (!_subscriptions.ContainsKey(channel))
            {
                var subscription = await _connection.SubscribeCoreAsync(
                    channel, serializer: NatsRawSerializer<NatsMemoryOwner<byte>>.Default, cancellationToken: CancellationToken.None);
                _subscriptions[channel] = new NatsSubscription(channel, subscription, _receiver!, ended => OnEnded(channel, ended));
            }

            // The server answers in order: what was asked before the ping is done. A ping that is given up would leave its answer to the wrong one.
            await _connection.PingAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception error) when (IsEngines(error, cancellationToken))
        {
            throw new BackplaneException($"NATS did not confirm a subscription: {error.Message}", error);
        }

        if (_refused.ContainsKey(channel))
        {
            // It was told before the subscription was known here.
            End(channel);
            ThrowIfRefused(channel);
        }
    }

    public async ValueTask UnsubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        _refused.TryRemove(channel, out _);
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

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Listen(IBackplaneReceiver receiver)
    {
        _connection.ConnectionOpened += (_, _) => Tell(() =>
        {
            _refused.Clear();
            receiver.OnConnected();
        });
        _connection.ConnectionDisconnected += (_, _) => Tell(() => receiver.OnDisconnected(null));
        _connection.MessageDropped += (_, dropped) => Tell(() => receiver.OnMessagesDropped(dropped.Subject));
        _connection.ServerError += (_, refusal) => Tell(() => OnServerError(refusal.Error));
    }

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
        if (!error.StartsWith(SubscriptionRefused, StringComparison.Ordinal))
        {
            return;
        }

        var named = error[SubscriptionRefused.Length..];
        var channel = named[..Math.Max(0, named.IndexOf('"', StringComparison.Ordinal))];
        _refused[channel] = true;
        if (End(channel))
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

    private void ThrowIfRefused(string channel)
    {
        if (_refused.ContainsKey(channel))
        {
            throw new BackplaneException("NATS does not permit the subscription; it is asked again on the next connection.");
        }
    }

    private void OnEnded(string channel, NatsSubscription ended)
    {
        if (_subscriptions.TryRemove(KeyValuePair.Create(channel, ended)))
        {
            _receiver!.OnSubscriptionLost(channel);
        }
    }
}
