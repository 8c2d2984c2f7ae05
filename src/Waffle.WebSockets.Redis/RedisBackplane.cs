using System.Collections.Concurrent;
using System.Net;
using StackExchange.Redis;

namespace Waffle.WebSockets.Redis;

/// <summary>Publishes and subscribes through Redis; the driver has one connection for commands and one for subscriptions, and restores them by itself.</summary>
internal sealed class RedisBackplane(ConfigurationOptions configuration, RedisSharding sharding) : IBackplane
{
    private readonly Lock _endLock = new();

    // Never disposed of: it has no timer, and what comes late may still look at it.
    private readonly CancellationTokenSource _end = new();

    private readonly ConcurrentDictionary<string, RedisSubscription> _subscribed = new(StringComparer.Ordinal);
    private Task<ConnectionMultiplexer>? _connecting;
    private ConnectionMultiplexer? _multiplexer;
    private bool? _isSharded;
    private IBackplaneReceiver? _receiver;
    private bool _isDisposed;

    /// <summary>How many channels are subscribed to, or may be.</summary>
    internal int Channels => _subscribed.Count;

    public async ValueTask StartAsync(IBackplaneReceiver receiver, CancellationToken cancellationToken)
    {
        // An engine that is not there is no failure: the driver goes on trying. What is published meanwhile must fail at once instead of coming late.
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        Task<ConnectionMultiplexer> connecting;
        lock (_endLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            connecting = _connecting = ConnectionMultiplexer.ConnectAsync(configuration);
        }

        var multiplexer = await connecting.WaitAsync(cancellationToken);
        multiplexer.ConnectionFailed += (_, failure) =>
        {
            if (!_end.IsCancellationRequested && IsNeeded(multiplexer, failure.EndPoint))
            {
                // One of several endpoints may be gone while the rest goes on.
                receiver.OnDisconnected(failure.Exception);
                TellIfConnected(multiplexer, receiver);
            }
        };
        multiplexer.ConnectionRestored += (_, _) => TellIfConnected(multiplexer, receiver);
        _receiver = receiver;
        _multiplexer = multiplexer;
        TellIfConnected(multiplexer, receiver);
    }

    public async ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            await GetSubscriber().PublishAsync(ToName(channel), message).WaitAsync(cancellationToken);
        }
        catch (Exception error) when (IsEngines(error))
        {
            throw new BackplaneException($"Redis did not take a message: {error.Message}", error);
        }
    }

    public async ValueTask SubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        try
        {
            // The driver asks the engine only for what it does not believe to have; so it is made to forget.
            await ForgetAsync(channel);
            var name = ToName(channel);
            _subscribed[channel] = new RedisSubscription(name, IsDoubtful: true, Endpoint: null, Task.CompletedTask);
            var subscriber = GetSubscriber();
            var queue = await subscriber.SubscribeAsync(name);
            lock (_endLock)
            {
                // Whoever disposes of it waits for all that begin before.
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                var receiving = Task.Run(() => RedisSubscription.ReceiveAsync(channel, queue, _receiver!, _end.Token), CancellationToken.None);
                _subscribed[channel] = new RedisSubscription(name, IsDoubtful: false, subscriber.SubscribedEndpoint(name), receiving);
            }
        }
        catch (Exception error) when (IsEngines(error))
        {
            // The driver has kept its queue, which nobody will read.
            await TryForgetAsync(channel);
            throw new BackplaneException($"Redis did not confirm a subscription: {error.Message}", error);
        }
    }

    public async ValueTask UnsubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        try
        {
            if (_subscribed.TryGetValue(channel, out var subscribed) && GetSubscriber().SubscribedEndpoint(subscribed.Name) is null)
            {
                // The driver may be about to restore it on a new connection, and takes back only what the engine has confirmed.
                _subscribed[channel] = subscribed with { IsDoubtful = true };
            }

            await ForgetAsync(channel);
        }
        catch (Exception error) when (IsEngines(error))
        {
            throw new BackplaneException($"Redis did not take a subscription back: {error.Message}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? connecting;
        lock (_endLock)
        {
            _isDisposed = true;
            connecting = _connecting;
        }

        await _end.CancelAsync();
        if (connecting is not null)
        {
            // Also one that connects only now: nobody else would end it.
            var multiplexer = await connecting;
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
            await multiplexer.DisposeAsync();
        }

        // The driver does not end the queues.
        await Task.WhenAll(_subscribed.Values.Select(static subscribed => subscribed.Receiving));
    }

    private static bool IsEngines(Exception error) => error is RedisException or TimeoutException or ObjectDisposedException;

    private ISubscriber GetSubscriber() => (_multiplexer ?? throw new BackplaneException("The connection to Redis has not begun.")).GetSubscriber();

    // Takes a subscription back, at the driver and at the engine.
    private async Task ForgetAsync(string channel)
    {
        if (!_subscribed.TryGetValue(channel, out var subscribed))
        {
            return;
        }

        var subscriber = GetSubscriber();
        if (subscribed.IsDoubtful)
        {
            // The driver takes back only what it has.
            await TrySubscribeAsync(subscriber, subscribed.Name);
        }

        _subscribed[channel] = subscribed with { IsDoubtful = true };
        await subscriber.UnsubscribeAsync(subscribed.Name);

        // What had come is delivered before what a new subscription brings, and not after it was taken back.
        await subscribed.Receiving;
        _subscribed.TryRemove(channel, out _);
    }

    private static async Task TrySubscribeAsync(ISubscriber subscriber, RedisChannel name)
    {
        try
        {
            await subscriber.SubscribeAsync(name, static (_, _) => { });
        }
        catch (RedisServerException)
        {
            // The engine does not permit the channel, so it has none to take back.
        }
    }

    private async Task TryForgetAsync(string channel)
    {
        try
        {
            if (_subscribed.TryGetValue(channel, out var subscribed))
            {
                await GetSubscriber().UnsubscribeAsync(subscribed.Name);
            }
        }
        catch (Exception error) when (IsEngines(error))
        {
            // The driver has dropped its queue all the same; the engine is asked again when the channel is.
        }
    }

    // A replica is of no use to anybody, unless the driver has subscribed there.
    private bool IsNeeded(ConnectionMultiplexer multiplexer, EndPoint? endpoint) =>
        endpoint is null
        || !multiplexer.GetServers().Any(server => server.IsReplica && endpoint.Equals(server.EndPoint))
        || _subscribed.Values.Any(subscribed => subscribed is { IsDoubtful: false, Endpoint: null } || endpoint.Equals(subscribed.Endpoint));

    // Both of the driver's connections: one without the other is of no use.
    private void TellIfConnected(ConnectionMultiplexer multiplexer, IBackplaneReceiver receiver)
    {
        if (!_end.IsCancellationRequested && multiplexer.IsConnected && multiplexer.GetSubscriber().IsConnected())
        {
            // Once: servers that decide differently do not hear each other.
            _isSharded ??= sharding.IsMeantFor(multiplexer);
            receiver.OnConnected();
        }
    }

    private RedisChannel ToName(string channel) => _isSharded == true ? RedisChannel.Sharded(channel) : RedisChannel.Literal(channel);
}
