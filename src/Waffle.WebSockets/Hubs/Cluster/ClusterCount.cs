namespace Waffle.WebSockets;

/// <summary>How many members there are on all servers.</summary>
/// <param name="Count">Of the servers that have answered, this one included. A client in several rooms counts once on its server.</param>
/// <param name="Age">How old the oldest part of the answer is.</param>
/// <param name="Unanswered">The names of the servers that did not answer in time: their members are not counted.</param>
/// <param name="IsComplete">
/// Whether all servers that there are have answered. <see langword="false"/> also while the backplane's engine is away, and for the first interval of the heartbeat
/// after it came, when not all servers may be known.
/// </param>
public sealed record ClusterCount(int Count, TimeSpan Age, IReadOnlyList<string> Unanswered, bool IsComplete);
