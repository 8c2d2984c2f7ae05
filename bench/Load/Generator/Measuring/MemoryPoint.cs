namespace Waffle.WebSockets.Bench.Load.Generator.Measuring;

/// <summary>The server's memory with so many connections.</summary>
/// <param name="Connections">In addition to the first ones, for which a server makes what it makes once.</param>
/// <param name="BytesEach">How much more it is than with the first ones alone, for each of the others.</param>
/// <param name="AfterBroadcast">Whether a message has gone to all.</param>
internal sealed record MemoryPoint(int Connections, double BytesEach, bool AfterBroadcast);
