using System.Collections.Concurrent;

namespace Waffle.WebSockets.Nats;

/// <summary>The subscriptions that the server has refused on this connection: it is not asked again before the next one, or until nobody wants the channel any more.</summary>
internal sealed class NatsRefusals
{
    private const string SubscriptionRefused = "Permissions Violation for Subscription to \"";

    private readonly ConcurrentDictionary<string, bool> _channels = new(StringComparer.Ordinal);

    public bool Contains(string channel) => _channels.ContainsKey(channel);

    public void ThrowIfRefused(string channel)
    {
        if (Contains(channel))
        {
            throw new BackplaneException("NATS does not permit the subscription; it is asked again on the next connection.");
        }
    }

    /// <summary>Takes an error that the server has told.</summary>
    /// <returns>The channel that it refuses; <see langword="null"/>: it is another error.</returns>
    public string? TryAdd(string error)
    {
        if (!error.StartsWith(SubscriptionRefused, StringComparison.Ordinal))
        {
            return null;
        }

        var named = error[SubscriptionRefused.Length..];
        var channel = named[..Math.Max(0, named.IndexOf('"', StringComparison.Ordinal))];
        _channels[channel] = true;
        return channel;
    }

    public void Forget(string channel) => _channels.TryRemove(channel, out _);

    public void Clear() => _channels.Clear();
}
