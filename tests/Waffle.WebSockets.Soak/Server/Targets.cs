namespace Waffle.WebSockets.Soak.Server;

/// <summary>The hub and the rooms that get numbered broadcasts.</summary>
internal sealed class Targets(WebSocketHub hub, ServerSetup setup)
{
    public const int RoomCount = 40;

    private readonly Dictionary<string, NumberedTarget> _rooms =
        Enumerable.Range(0, RoomCount).Select(RoomName).ToDictionary(name => name, name => new NumberedTarget(name, hub.Room(name), setup.Name));

    /// <summary>This server's name.</summary>
    public string Server { get; } = setup.Name;

    public NumberedTarget Hub { get; } = new(string.Empty, hub, setup.Name);

    public static string RoomName(int index) => $"room {index}";

    public NumberedTarget Room(int index) => _rooms[RoomName(index)];

    /// <summary>A room of which clients know; another is refused.</summary>
    public NumberedTarget Room(string name) => _rooms.TryGetValue(name, out var room)
        ? room
        : throw new MessageRejectedException("no_such_room", "There is no such room.");
}
