using System.Text.Json;

namespace Waffle.WebSockets.Hubs;

/// <summary>All connections with the same client id.</summary>
internal sealed class HubUser(WebSocketHub hub, string id) : BroadcastTarget
{
    public override int Count => FindGroup()?.Count ?? 0;

    private protected override JsonSerializerOptions SerializerOptions => hub.Json;

    private protected override MemberGroup? FindGroup() => hub.Users.Find(id);
}
