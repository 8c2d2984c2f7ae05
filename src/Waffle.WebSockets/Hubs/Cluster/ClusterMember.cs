namespace Waffle.WebSockets;

/// <summary>A client on one of the servers.</summary>
/// <param name="ClientId">The application's name for it.</param>
/// <param name="ConnectionId">Its connection's id, unique among all servers.</param>
/// <param name="Server">The server's name.</param>
public sealed record ClusterMember(string ClientId, string ConnectionId, string Server);
