namespace Waffle.WebSockets;

/// <summary>The members on all servers.</summary>
/// <param name="Members">Of the servers that have answered, this one included.</param>
/// <param name="Age">How old the oldest part of the answer is.</param>
/// <param name="Unanswered">The names of the servers that did not answer in time: their members are not in the list.</param>
/// <param name="IsComplete">
/// Whether all servers that there are have answered. <see langword="false"/> also while the backplane's engine is away, and for the first interval of the heartbeat
/// after it came, when not all servers may be known.
/// </param>
public sealed record ClusterMembers(IReadOnlyList<ClusterMember> Members, TimeSpan Age, IReadOnlyList<string> Unanswered, bool IsComplete);
