namespace Waffle.WebSockets;

/// <summary>How many members there are on all servers.</summary>
/// <param name="Count">Of the servers that have answered, this one included. A client in several rooms counts once on its server.</param>
/// <param name="Age">How old the oldest part of the answer is.</param>
/// <param name="Unanswered">The names of the servers that did not answer in time: their members are not counted.</param>
public sealed record ClusterCount(int Count, TimeSpan Age, IReadOnlyList<string> Unanswered);
