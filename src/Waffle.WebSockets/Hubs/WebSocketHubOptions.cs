namespace Waffle.WebSockets;

/// <summary>A hub's callbacks and limits. Read when the hub is created; later changes have no effect.</summary>
/// <example>
/// <code>
/// builder.Services.AddWebSocketHub(options =>
/// {
///     options.MaxRoomsPerClient = 16;
///     options.OnConnected = async (client, ct) => await client.JoinAsync("lobby", ct);
///     options.OnJoining = (client, room, ct) => ValueTask.FromResult(room == "lobby" || client.Connection.User.IsInRole("member"));
///     options.OnDisconnected = async (client, disconnect) =>
///         await client.Hub.BroadcastEventAsync("left", new { user = client.Id, rooms = disconnect.RoomNames });
/// });
/// </code>
/// </example>
public sealed class WebSocketHubOptions
{
    /// <summary>
    /// Called for each new client, before its first message is handled; broadcasts of others reach it meanwhile. If it throws, the connection is closed
    /// with 1011. The token is the connection's <see cref="WebSocketConnection.Closed"/>.
    /// </summary>
    public Func<HubClient, CancellationToken, Task>? OnConnected { get; set; }

    /// <summary>
    /// Called once for each client for which <see cref="OnConnected"/> was called, after that has ended, however the connection ended. The client has left
    /// its rooms and the hub; sends to it answer <see cref="SendStatus.Closed"/>. What it throws is logged.
    /// </summary>
    public Func<HubClient, HubDisconnect, Task>? OnDisconnected { get; set; }

    /// <summary>
    /// The join policy: asked before any join that is possible, by whatever way, with the room's name; <see langword="false"/> refuses. What it throws reaches the caller of
    /// the join. <see langword="null"/>, the default: everybody may join everything.
    /// </summary>
    public Func<HubClient, string, CancellationToken, ValueTask<bool>>? OnJoining { get; set; }

    /// <summary>
    /// Called when messages of other servers may be missing: after an outage of the backplane, once everything is subscribed to again, but for what the engine does not confirm within a heartbeat's interval; when a server's messages
    /// have a hole; when the engine or its driver has dropped some; when a client had joined before the engine confirmed. One at a time; of the same cause at most once a
    /// second, and one loss may be told twice, for two causes. What it throws is logged. <see langword="null"/>, the default: nobody is told.
    /// </summary>
    public Func<WebSocketHub, HubGap, Task>? OnGap { get; set; }

    /// <summary>
    /// The name of the event that members get when messages of other servers may be missing: <c>{"name":…,"data":{"cause":…,"room":…,"missing":…}}</c>, so that
    /// they can ask for the state anew. <see langword="null"/>, the default: they are not told.
    /// </summary>
    public string? GapEvent { get; set; }

    /// <summary>How many rooms a client may be in at once. Default 128; zero: no limit.</summary>
    public int MaxRoomsPerClient { get; set; } = 128;

    /// <summary>How long a room's name may be, in UTF-8 bytes. Default 256, at least 1. Control characters are refused at any length.</summary>
    public int MaxRoomNameLength { get; set; } = 256;

    /// <summary>How long a client's id may be, in UTF-8 bytes. Default 256, at least 1.</summary>
    public int MaxClientIdLength { get; set; } = 256;

    /// <summary>
    /// How many messages that can't be understood a client may send to a router within 10 s: binary ones, and text that is no typed message. One more ends
    /// the connection with 1008. Default 20; zero: no limit. A payload that is not what its handler asked for does not count.
    /// </summary>
    public int MaxMalformedMessages { get; set; } = 20;

    internal WebSocketHubOptions Snapshot() => (WebSocketHubOptions)MemberwiseClone();
}
