using Waffle.WebSockets;

namespace Chat;

/// <summary>Everybody starts in "general", and leaves all rooms when the connection ends, however it ends.</summary>
internal sealed class ChatEvents(ChatRooms rooms, ILogger<ChatEvents> logger) : IHubEvents
{
    public async Task OnConnectedAsync(HubClient client, CancellationToken cancellationToken)
    {
        logger.LogInformation("Connected: {Connection}", client.Connection.Id);
        await rooms.JoinAsync(client, "general");
    }

    public async Task OnDisconnectedAsync(HubClient client, HubDisconnect disconnect)
    {
        logger.LogInformation("Disconnected: {Connection}, {Cause}", client.Connection.Id, disconnect.Close.Cause);
        await rooms.RemoveAsync(client, disconnect.RoomNames);
    }
}
