using System.Collections.Concurrent;

namespace Waffle.WebSockets.Bench.SystemNet;

/// <summary>The rooms by their names. A run has few of them, so none is removed.</summary>
internal sealed class RoomTable
{
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);

    public Room GetOrAdd(string name) => _rooms.GetOrAdd(name, _ => new Room());
}
