using System.Text.Json;

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

    private protected override MemberGroups FindGroups()
    {
        var groups = new MemberGroup[_names.Length];
        var count = 0;
        foreach (var name in _names)
        {
            if (_hub.RoomTable.Find(name) is { } group)
            {
                groups[count++] = group;
            }
        }

        return new MemberGroups(groups.AsMemory(0, count));
    }
}
