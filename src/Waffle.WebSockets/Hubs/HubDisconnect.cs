namespace Waffle.WebSockets;

/// <summary>What a hub tells about a client that has left.</summary>
/// <param name="Close">How its connection ended.</param>
/// <param name="RoomNames">The rooms that it was in; it has left them.</param>
public sealed record HubDisconnect(CloseInfo Close, IReadOnlyList<string> RoomNames);
