namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>Which server it was.</summary>
/// <param name="Name">The peer's.</param>
/// <param name="Description">The peer's.</param>
/// <param name="Version">Of the library and what runs it; null if there is no server.</param>
/// <param name="Missing">Why there is no server; null if there is.</param>
internal sealed record PeerResult(string Name, string Description, string? Version, string? Missing);
