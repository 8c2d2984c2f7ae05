using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>A rule that the peer broke.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Size">For a message that is too big: what it would have had at least, in bytes.</param>
/// <param name="Limit">For a message that is too big: what it might have had.</param>
internal sealed record Breach(ProtocolViolation Rule, long Size = 0, int Limit = 0);
