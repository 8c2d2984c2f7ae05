using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Micro.Hubs;

/// <summary>Hubs of clients in memory, on a clock that stands still.</summary>
internal static class Members
{
    public static WebSocketHub CreateHub() => new(time: new FakeTimeProvider());

    public static async Task<HubClient> AddAsync(WebSocketHub hub, string? room = null, SilentPeer? peer = null)
    {
        var client = await hub.AddAsync(WebSocketConnection.Create(peer ?? new SilentPeer(), time: hub.Time));
        if (room is not null)
        {
            await client.JoinAsync(room);
        }

        return client;
    }

    public static async Task AddAsync(WebSocketHub hub, int count, string? room = null)
    {
        for (var i = 0; i < count; i++)
        {
            await AddAsync(hub, room);
        }
    }
}
