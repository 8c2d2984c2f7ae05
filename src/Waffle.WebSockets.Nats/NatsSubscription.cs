using NATS.Client.Core;

namespace Waffle.WebSockets.Nats;

/// <summary>One subscription, with the loop that hands over what comes.</summary>
/// <param name="channel">The channel.</param>
/// <param name="subscription">The driver's.</param>
/// <param name="receiver">Hears what comes.</param>
internal sealed class NatsSubscription(string channel, INatsSub<NatsMemoryOwner<byte>> subscription, IBackplaneReceiver receiver)
{
    private Task _receiving = Task.CompletedTask;
    private volatile bool _isStopped;

    public string Channel => channel;

    /// <param name="onEnded">Told when nothing more is handed over.</param>
    public void Begin(Action<NatsSubscription> onEnded) => _receiving = Task.Run(() => ReceiveAsync(onEnded));

    /// <summary>Takes it back. When it returns, or throws, what had come is delivered.</summary>
    /// <remarks>The driver counts it as taken back also where the server could not be told; then that goes on sending until the next connection, into nothing.</remarks>
    public async Task EndAsync()
    {
        try
        {
            await subscription.UnsubscribeAsync();
        }
        finally
        {
            await _receiving;
        }
    }

    /// <summary>Hands nothing more over, also of what has come.</summary>
    /// <returns>Completes when the driver has ended it.</returns>
    public Task StopAsync()
    {
        _isStopped = true;
        return _receiving;
    }

    private async Task ReceiveAsync(Action<NatsSubscription> onEnded)
    {
        try
        {
            await foreach (var message in subscription.Msgs.ReadAllAsync())
            {
                using var owner = message.Data;
                if (!_isStopped)
                {
                    receiver.OnMessage(channel, owner.Span);
                }
            }
        }
        catch (NatsException)
        {
            // Such as a slow consumer: the driver has ended it with an error.
        }

        onEnded(this);
    }
}
