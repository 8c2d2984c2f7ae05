using System.Net.WebSockets;

namespace Waffle.WebSockets.Bench.SystemNet;

/// <summary>A message that all members of a room share.</summary>
internal readonly record struct Message(ReadOnlyMemory<byte> Payload, WebSocketMessageType Kind);
