namespace Waffle.WebSockets.Backplane;

/// <summary>What is known of another server.</summary>
/// <param name="Id">New at each start.</param>
/// <param name="Name">For people; empty before its first heartbeat.</param>
/// <param name="IsPublisherOnly">It has no hub.</param>
/// <param name="Clients">How many clients it had at its last heartbeat.</param>
/// <param name="BeganAt">When it began, if it did while we listened.</param>
/// <param name="LastHeard">When it was heard last.</param>
/// <param name="Presence">Whether it is there.</param>
internal sealed record KnownServer(
    Guid Id, string Name, bool IsPublisherOnly, int Clients, long? BeganAt, long LastHeard, ServerPresence Presence);
