namespace Waffle.WebSockets.Soak.Clients.Hostile;

/// <summary>One way to be hostile.</summary>
/// <param name="Name">For the report.</param>
/// <param name="ActAsync">Does it, and says how that ended.</param>
/// <param name="Outcomes">How it may end.</param>
internal sealed record HostileKind(string Name, Func<HostileScene, Task<string>> ActAsync, params string[] Outcomes);
