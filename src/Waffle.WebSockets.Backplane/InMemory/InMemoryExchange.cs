using System.Collections.Concurrent;

namespace Waffle.WebSockets;

/// <summary>An engine within one process, for tests and for several hubs that are one: what is published reaches every backplane that has subscribed.</summary>
/// <example>
/// <code>
/// var exchange = new InMemoryExchange();
/// builder.Services.AddWebSocketHub("one").AddBackplane(_ => exchange.Connect(), options => options.HubName = "shared");
/// builder.Services.AddWebSocketHub("two").AddBackplane(_ => exchange.Connect(), options => options.HubName = "shared");
/// </code>
/// </example>
public sealed class InMemoryExchange
{
    private readonly ConcurrentDictionary<InMemoryBackplane, bool> _connected = new();

    /// <summary>A backplane on this exchange. Each hub needs one of its own.</summary>
    public IBackplane Connect() => new InMemoryBackplane(this);

    internal void Add(InMemoryBackplane backplane) => _connected[backplane] = true;

    internal void Remove(InMemoryBackplane backplane) => _connected.TryRemove(backplane, out _);

    internal void Publish(string channel, ReadOnlyMemory<byte> message)
    {
        byte[]? copy = null;
        foreach (var (backplane, _) in _connected)
        {
            if (backplane.FindSubscription(channel) is { } subscription)
            {
                backplane.Deliver(subscription, copy ??= message.ToArray());
            }
        }
    }
}
