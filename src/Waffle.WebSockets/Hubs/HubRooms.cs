using System.Text.Json;
using Waffle.WebSockets.Backplane;

namespace Waffle.WebSockets.Hubs;

/// <summary>Several rooms by their names.</summary>
internal sealed class HubRooms : BroadcastTarget
{
    private readonly WebSocketHub _hub;
    private readonly string[] _names;

    public HubRooms(WebSocketHub hub, ReadOnlySpan<string> names)
    {
        _hub = hub;

        // In one order for all who lock several rooms; see MemberGroups.
        _names = [.. new SortedSet<string>(names.ToArray(), StringComparer.Ordinal)];
    }

    private protected override JsonSerializerOptions SerializerOptions => _hub.Json;

    internal override Publication Publication => _hub.Bridge is { } bridge
        ? new(bridge, default, Array.ConvertAll(_names, static name => new ChannelScope(ScopeKind.Room, name)))
        : default;

    private protected override MemberGroups FindGroups() => _hub.FindRooms(_names);
}
