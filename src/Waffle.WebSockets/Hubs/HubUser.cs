using System.Text.Json;

namespace Waffle.WebSockets.Hubs;

/// <summary>All connections with the same client id.</summary>
internal sealed class HubUser(WebSocketHub hub, string id) : BroadcastTarget
{
    private protected override JsonSerializerOptions SerializerOptions => hub.Json;

    private protected override MemberGroups FindGroups() => hub.FindUser(id);
}
