namespace Waffle.WebSockets;

/// <summary>Handles the messages of one type in a class of its own, made for each message with services of its own scope.</summary>
/// <typeparam name="T">What the message's payload is read as.</typeparam>
/// <remarks>See <see cref="MessageRouter.On{T, THandler}(string, MessageRouteOptions?)"/>.</remarks>
/// <example>
/// <code>
/// router.On&lt;Order, PlaceOrder&gt;("place_order");
///
/// public record Order(string Article, int Count);
///
/// public sealed class PlaceOrder(ILogger&lt;PlaceOrder&gt; logger) : IMessageHandler&lt;Order&gt;
/// {
///     public async Task HandleAsync(HubClient client, Order message, CancellationToken cancellationToken)
///     {
///         logger.LogInformation("{Client} orders {Count}", client.Id, message.Count);
///         await client.SendEventAsync("ordered", message, default, cancellationToken);
///     }
/// }
/// </code>
/// </example>
public interface IMessageHandler<in T>
{
    /// <summary>Handles one message.</summary>
    /// <param name="client">Who sent it.</param>
    /// <param name="message">The payload.</param>
    /// <param name="cancellationToken">Fires when work for the client is no longer needed.</param>
    Task HandleAsync(HubClient client, T message, CancellationToken cancellationToken);
}
