using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging.Abstractions;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Bench.Growth.SignalR;

/// <summary>The same for SignalR: what keeps its clients and groups, with the same transports in memory.</summary>
/// <remarks>
/// Broadcasts are not compared: what stands here for a server's transport is with SignalR but a pipe to a task that sends on, which costs the most of it.
/// </remarks>
internal sealed class SignalRCrowd
{
    private readonly DefaultHubLifetimeManager<NoHub> _manager = new(NullLogger<DefaultHubLifetimeManager<NoHub>>.Instance);
    private readonly HubConnectionContextOptions _options = new() { KeepAliveInterval = TimeSpan.FromHours(1), ClientTimeoutInterval = TimeSpan.FromHours(2) };
    private int _count;

    public async Task<HubConnectionContext[]> AddAsync(int count)
    {
        var clients = new HubConnectionContext[count];
        for (var i = 0; i < count; i++)
        {
            var peer = new SilentPeer();
            var transport = new DefaultConnectionContext(_count++.ToString(CultureInfo.InvariantCulture), peer, peer);
            clients[i] = new HubConnectionContext(transport, _options, NullLoggerFactory.Instance);
            await _manager.OnConnectedAsync(clients[i]);
        }

        return clients;
    }

    public async Task JoinAsync(HubConnectionContext[] clients, Func<int, string> room)
    {
        for (var i = 0; i < clients.Length; i++)
        {
            await _manager.AddToGroupAsync(clients[i].ConnectionId, room(i));
        }
    }

    public async Task LeaveAsync(HubConnectionContext[] clients, Func<int, string> room)
    {
        for (var i = 0; i < clients.Length; i++)
        {
            await _manager.RemoveFromGroupAsync(clients[i].ConnectionId, room(i));
        }
    }

    private sealed class NoHub : Hub;
}
