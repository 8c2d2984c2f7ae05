using System.Net;
using StackExchange.Redis;

namespace Waffle.WebSockets.Redis;

/// <summary>What the driver was asked for in one channel.</summary>
/// <param name="Name">The driver's name for the channel as it was subscribed to.</param>
/// <param name="IsDoubtful">Whether the engine may still know it, though the driver does not.</param>
/// <param name="Endpoint">Where it was subscribed to.</param>
/// <param name="Receiving">The loop that hands over what comes; it ends with the driver's queue.</param>
internal sealed record RedisSubscription(RedisChannel Name, bool IsDoubtful, EndPoint? Endpoint, Task Receiving)
{
    /// <summary>Hands over what comes, until the queue ends or <paramref name="end"/> comes: then also what waits is left.</summary>
    public static async Task ReceiveAsync(string channel, ChannelMessageQueue queue, IBackplaneReceiver receiver, CancellationToken end)
    {
        try
        {
            await foreach (var message in queue.WithCancellation(end))
            {
                // The queue looks at it only when it is empty.
                end.ThrowIfCancellationRequested();
                receiver.OnMessage(channel, ((ReadOnlyMemory<byte>)message.Message).Span);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
