using NATS.Client.Core;

namespace Waffle.WebSockets.Nats;

/// <summary>One subscription, with the loop that hands over what comes.</summary>
internal sealed class NatsSubscription
{
    private readonly INatsSub<NatsMemoryOwner<byte>> _subscription;
    private readonly Task _receiving;
    private volatile bool _isTakenBack;

    /// <param name="channel">The channel.</param>
    /// <param name="subscription">The driver's.</param>
    /// <param name="receiver">Hears what comes.</param>
    /// <param name="onEnded">Told when the driver has ended it by itself.</param>
    public NatsSubscription(
        string channel, INatsSub<NatsMemoryOwner<byte>> subscription, IBackplaneReceiver receiver, Action<NatsSubscription> onEnded)
    {
        _subscription = subscription;
        _receiving = Task.Run(() => ReceiveAsync(channel, receiver, onEnded));
    }

    /// <summary>Takes it back. When it returns, what had come is delivered.</summary>
    /// <remarks>The driver counts it as taken back also where the server could not be told; then that goes on sending until the next connection, into nothing.</remarks>
    public async Task EndAsync()
    {
        _isTakenBack = true;
        await _subscription.UnsubscribeAsync();
        await _receiving;
    }

    private async Task ReceiveAsync(string channel, IBackplaneReceiver receiver, Action<NatsSubscription> onEnded)
    {
        try
        {
            await foreach (var message in _subscription.Msgs.ReadAllAsync())
            {
                using var owner = message.Data;
                receiver.OnMessage(channel, owner.Span);
            }
        }
        catch (NatsException)
        {
            // Such as a slow consumer: the driver has ended it with an error.
        }

        if (!_isTakenBack)
        {
            onEnded(this);
        }
    }
}
