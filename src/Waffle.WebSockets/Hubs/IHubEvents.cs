namespace Waffle.WebSockets;

/// <summary>A hub's callbacks as a class from dependency injection. Each member does nothing unless it is implemented.</summary>
/// <remarks>The members have the same meaning as the callbacks of <see cref="WebSocketHubOptions"/>.</remarks>
public interface IHubEvents
{
    /// <inheritdoc cref="WebSocketHubOptions.OnConnected"/>
    Task OnConnectedAsync(HubClient client, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc cref="WebSocketHubOptions.OnDisconnected"/>
    Task OnDisconnectedAsync(HubClient client, HubDisconnect disconnect) => Task.CompletedTask;

    /// <inheritdoc cref="WebSocketHubOptions.OnJoining"/>
    ValueTask<bool> OnJoiningAsync(HubClient client, string room, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <inheritdoc cref="WebSocketHubOptions.OnGap"/>
    Task OnGapAsync(WebSocketHub hub, HubGap gap) => Task.CompletedTask;
}
