using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Waffle.WebSockets.Redis;

/// <summary>Publishes and subscribes through Redis; the driver has one connection for commands and one for subscriptions, and restores them by itself.</summary>
internal sealed class RedisBackplane(ConfigurationOptions configuration, RedisSharding sharding) : IBackplane
{
    private static readonly Version _firstWithShardedChannels = new(7, 0);

    private readonly Lock _connectLock = new();

    // By the driver's name for each channel as it was subscribed to; the value: whether the engine may still know it, though the driver does not.
    private readonly ConcurrentDictionary<string, (RedisChannel Name, bool IsDoubtful)> _subscribed = new(StringComparer.Ordinal);
    private Task<ConnectionMultiplexer>? _connecting;
    private ConnectionMultiplexer? _multiplexer;
    private volatile bool _isSharded = sharding == RedisSharding.Always;
    private bool _isDisposed;

    /// <summary>How many channels are subscribed to, or may be.</summary>
    internal int Channels => _subscribed.Count;

    public async ValueTask StartAsync(IBackplaneReceiver receiver, CancellationToken cancellationToken)
    {
        // An engine that is not there is no failure: the driver goes on trying. What is published meanwhile must fail at once instead of coming late.
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        Task<ConnectionMultiplexer> connecting;
        lock (_connectLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            connecting = _connecting = ConnectionMultiplexer.ConnectAsync(configuration);
        }

        var multiplexer = await connecting.WaitAsync(cancellationToken);
        multiplexer.ConnectionFailed += (_, failure) =>
        {
            // One of several endpoints may be gone while the rest goes on.
            receiver.OnDisconnected(failure.Exception);
            TellIfConnected(multiplexer, receiver);
        };
        multiplexer.ConnectionRestored += (_, _) => TellIfConnected(multiplexer, receiver);
        _receiver = receiver;
        _multiplexer = multiplexer;
        TellIfConnected(multiplexer, receiver);
    }

    private IBackplaneReceiver? _receiver;

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
            _subscribed[channel] = (name, IsDoubtful: true);
            var queue = await GetSubscriber().SubscribeAsync(name);
            _subscribed[channel] = (name, IsDoubtful: false);
            queue.OnMessage(message => Receive(channel, message.Message));
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
        lock (_connectLock)
        {
            _isDisposed = true;
            connecting = _connecting;
        }

        if (connecting is not null)
        {
            // Also one that connects only now: nobody else would end it.
            var multiplexer = await connecting;
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
            await multiplexer.DisposeAsync();
        }
    }

    private static bool IsEngines(Exception error) => error is RedisException or TimeoutException or ObjectDisposedException;

    private void Receive(string channel, RedisValue message) => _receiver!.OnMessage(channel, ((ReadOnlyMemory<byte>)message).Span);

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
            await subscriber.SubscribeAsync(subscribed.Name, static (_, _) => { });
        }

        _subscribed[channel] = subscribed with { IsDoubtful = true };
        await subscriber.UnsubscribeAsync(subscribed.Name);
        _subscribed.TryRemove(channel, out _);
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

    // Both of the driver's connections: one without the other is of no use.
    private void TellIfConnected(ConnectionMultiplexer multiplexer, IBackplaneReceiver receiver)
    {
        if (multiplexer.IsConnected && multiplexer.GetSubscriber().IsConnected())
        {
            _isSharded = sharding == RedisSharding.Always || (sharding == RedisSharding.InCluster && IsCluster(multiplexer));
            receiver.OnConnected();
        }
    }

    private RedisChannel ToName(string channel) => _isSharded ? RedisChannel.Sharded(channel) : RedisChannel.Literal(channel);

    private static bool IsCluster(ConnectionMultiplexer multiplexer) =>
        multiplexer.GetServers().Any(static server => server is { ServerType: ServerType.Cluster, IsConnected: true } && server.Version >= _firstWithShardedChannels);
}
