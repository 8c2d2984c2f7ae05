namespace Waffle.WebSockets;

/// <summary>The way between servers: bytes that are published on named channels, and reach who has subscribed to them.</summary>
/// <remarks>
/// <para>
/// An implementation carries bytes and tells what becomes of its connection; it need not understand them. Numbering, duplicates, gaps, heartbeats and
/// subscribing again after an outage are done above it, in one place for all.
/// </para>
/// <para>
/// Calls that subscribe to a channel or take that back never overlap for the same channel: the next one begins when the last has ended, also where that was
/// cancelled. So each has to end, by the driver's own time limits if by nothing else.
/// </para>
/// <para>Channel names are made of ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, and are at most 512 characters long. All members are safe to call from any thread.</para>
/// </remarks>
public interface IBackplane : IAsyncDisposable
{
    /// <summary>Begins to connect. Whether it returns before the engine is there is its own affair; <see cref="IBackplaneReceiver.OnConnected"/> tells.</summary>
    /// <param name="receiver">
    /// Hears of messages and of the connection, in order for each channel. Called until the backplane is disposed of: when that returns, no call is under way any more.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="Exception">It could not begin; it is called again later.</exception>
    ValueTask StartAsync(IBackplaneReceiver receiver, CancellationToken cancellationToken);

    /// <summary>Publishes on a channel. Calls for the same channel keep their order, also while earlier ones have not completed.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="message">The bytes; not changed and not given away before the returned task completes.</param>
    /// <param name="cancellationToken">Ends the wait, not necessarily the publication.</param>
    /// <returns>Completes when the engine, or its driver, has taken the message. What is lost after that is found from above, by the numbers.</returns>
    /// <exception cref="BackplaneException">It was not taken, as far as is known.</exception>
    ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>Subscribes to a channel. Of one that is subscribed to already, it makes sure that the engine knows.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completes when the engine has confirmed: what is published from then on arrives.</returns>
    /// <exception cref="BackplaneException">It was not confirmed.</exception>
    ValueTask SubscribeAsync(string channel, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a subscription back. When it returns, what had come is delivered, and nothing more of that subscription is: what comes by a later one is not mixed with it.
    /// Without effect where there is none.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BackplaneException">The engine could not be told.</exception>
    ValueTask UnsubscribeAsync(string channel, CancellationToken cancellationToken);
}
