namespace Waffle.WebSockets;

/// <summary>Messages that other servers have published may not have reached this server's clients.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Missing">How many, if that is known.</param>
/// <param name="Server">Whose, if that is known: the server's name.</param>
/// <param name="IsHub">Whether broadcasts to the whole hub are concerned.</param>
/// <param name="Rooms">The rooms that are concerned.</param>
/// <param name="Users">The users that are concerned; none are named where the whole hub is.</param>
public sealed record HubGap(
    GapCause Cause, long? Missing, string? Server, bool IsHub, IReadOnlyList<string> Rooms, IReadOnlyList<string> Users);
