using Waffle.WebSockets;

namespace Chat;

/// <summary>Tells everybody, on all servers, which rooms this server has: no server can know those of the others.</summary>
internal sealed class RoomAnnouncer(WebSocketHub hub, ChatRooms rooms) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await rooms.AnnounceAsync(hub);
        }
    }
}
