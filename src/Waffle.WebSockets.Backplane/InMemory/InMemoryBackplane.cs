using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Waffle.WebSockets;

/// <summary>One hub's way into an exchange. What comes is delivered by a loop of its own, in the order in which it was published.</summary>
internal sealed class InMemoryBackplane(InMemoryExchange exchange) : IBackplane
{
    private readonly Channel<(string Channel, object Subscription, byte[] Message)> _arrived =
        Channel.CreateUnbounded<(string, object, byte[])>(new UnboundedChannelOptions { SingleReader = true });

    // An object for each subscription: what came for one is not delivered to the next.
    private readonly ConcurrentDictionary<string, object> _channels = new(StringComparer.Ordinal);
    private Task _delivering = Task.CompletedTask;

    public ValueTask StartAsync(IBackplaneReceiver receiver, CancellationToken cancellationToken)
    {
        exchange.Add(this);
        _delivering = DeliverAsync(receiver);
        receiver.OnConnected();
        return ValueTask.CompletedTask;
    }

    public ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        exchange.Publish(channel, message);
        return ValueTask.CompletedTask;
    }

    public ValueTask SubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        _channels.GetOrAdd(channel, static _ => new object());
        return ValueTask.CompletedTask;
    }

    public ValueTask UnsubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        _channels.TryRemove(channel, out _);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        exchange.Remove(this);
        _arrived.Writer.TryComplete();
        await _delivering;
    }

    internal object? FindSubscription(string channel) => _channels.GetValueOrDefault(channel);

    internal void Deliver(string channel, object subscription, byte[] message) => _arrived.Writer.TryWrite((channel, subscription, message));

    private async Task DeliverAsync(IBackplaneReceiver receiver)
    {
        await foreach (var (channel, subscription, message) in _arrived.Reader.ReadAllAsync())
        {
            if (FindSubscription(channel) == subscription)
            {
                receiver.OnMessage(channel, message);
            }
        }
    }
}
