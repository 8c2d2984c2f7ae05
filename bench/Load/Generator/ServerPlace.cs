namespace Waffle.WebSockets.Bench.Load.Generator;

/// <summary>Where a server is.</summary>
/// <param name="Port">Of 127.0.0.1.</param>
/// <param name="Process">Its number.</param>
internal sealed record ServerPlace(int Port, int Process);
