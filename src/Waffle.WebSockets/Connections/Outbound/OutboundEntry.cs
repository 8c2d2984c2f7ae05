namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>A place in the queue: a frame and the key under which a newer one replaces it. Without a frame: a place that was vacated.</summary>
internal readonly record struct OutboundEntry(OutboundFrame? Frame, string? Key);
