namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>A place in the queue. Without a frame: one that was vacated.</summary>
/// <param name="Frame">What waits.</param>
/// <param name="Key">Under which a newer frame replaces it.</param>
/// <param name="IsFinished">Whether it goes out as it is: the writer must not compress it.</param>
internal readonly record struct OutboundEntry(OutboundFrame? Frame, string? Key, bool IsFinished);
