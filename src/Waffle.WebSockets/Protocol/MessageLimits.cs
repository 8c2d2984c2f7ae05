namespace Waffle.WebSockets.Protocol;

/// <summary>What a message may be at most.</summary>
/// <param name="MaxSize">Bytes of a whole message.</param>
/// <param name="MaxFragments">Frames of a message, empty ones included.</param>
internal readonly record struct MessageLimits(int MaxSize, int MaxFragments);
