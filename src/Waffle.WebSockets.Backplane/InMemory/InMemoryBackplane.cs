using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Waffle.WebSockets;

/// <summary>One hub's way into an exchange. What comes is delivered by a loop of its own, in the order in which it was published.</summary>
internal sealed class InMemoryBackplane(InMemoryExchange exchange) : IBackplane
{
    // Without a message: the subscription is taken back, and all that came for it is before this.
    private readonly Channel<(InMemorySubscription Subscription, byte[]? Message)> _arrived =
        Channel.CreateUnbounded<(InMemorySubscription, byte[]?)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ConcurrentDictionary<string, InMemorySubscription> _subscriptions = new(StringComparer.Ordinal);
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
        _subscriptions.GetOrAdd(channel, static channel => new InMemorySubscription(channel));
        return ValueTask.CompletedTask;
    }

    public async ValueTask UnsubscribeAsync(string channel, CancellationToken cancellationToken)
    {
        if (_subscriptions.TryRemove(channel, out var subscription) && _arrived.Writer.TryWrite((subscription, null)) && !_delivering.IsCompleted)
        {
            await subscription.End.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        exchange.Remove(this);
        _arrived.Writer.TryComplete();
        await _delivering;
    }

    internal InMemorySubscription? FindSubscription(string channel) => _subscriptions.GetValueOrDefault(channel);

    internal void Deliver(InMemorySubscription subscription, byte[] message) => _arrived.Writer.TryWrite((subscription, message));

    private async Task DeliverAsync(IBackplaneReceiver receiver)
    {
        await foreach (var (subscription, message) in _arrived.Reader.ReadAllAsync())
        {
            if (message is null)
            {
                subscription.SetEnded();
            }
            else if (!subscription.End.IsCompleted)
            {
                receiver.OnMessage(subscription.Channel, message);
            }
        }
    }
}
