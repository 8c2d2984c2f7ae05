using System.Text.Json;
using Waffle.WebSockets.Backplane;

namespace Waffle.WebSockets.Hubs;

/// <summary>All connections with the same client id.</summary>
internal sealed class HubUser(WebSocketHub hub, string id) : BroadcastTarget
{
    private protected override JsonSerializerOptions SerializerOptions => hub.Json;

    internal override Publication Publication => hub.Bridge is { } bridge ? new(bridge, new ChannelScope(ScopeKind.User, id)) : default;

    private protected override MemberGroups FindGroups() => hub.FindUser(id);
}
