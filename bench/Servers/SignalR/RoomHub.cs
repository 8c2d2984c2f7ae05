using Microsoft.AspNetCore.SignalR;

namespace Waffle.WebSockets.Bench.SignalR;

/// <summary>A group for each room. All of a room, the sender too, receive what is sent.</summary>
internal sealed class RoomHub : Hub
{
    private string RoomName => (string)Context.Items[nameof(RoomName)]!;

    /// <summary>The client is told, because the handshake's answer comes before the connection is in its group.</summary>
    public override async Task OnConnectedAsync()
    {
        string name = (string)Context.GetHttpContext()!.GetRouteValue("name")!;
        Context.Items[nameof(RoomName)] = name;
        await Groups.AddToGroupAsync(Context.ConnectionId, name);
        await Clients.Caller.SendAsync("Ready");
    }

    /// <summary>
    /// Does not wait for the members: one that does not read would hold up the sender until the send timeout (10 seconds) disconnects it.
    /// Each connection gets its messages in the order of the calls all the same.
    /// </summary>
    public void Send(string message) => _ = Clients.Group(RoomName).SendAsync("Receive", message);
}
