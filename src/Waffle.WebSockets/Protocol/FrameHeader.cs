namespace Waffle.WebSockets.Protocol;

/// <summary>One frame's header, decoded (RFC 6455 5.2).</summary>
/// <param name="IsFinal">FIN: the last, or only, fragment of its message.</param>
/// <param name="Rsv1">The first reserved bit; permessage-deflate gives it its meaning (RFC 7692 6).</param>
/// <param name="Opcode">What the frame carries.</param>
/// <param name="PayloadLength">The payload's length in bytes.</param>
/// <param name="MaskingKey">The key of a masked frame, or <see langword="null"/>.</param>
internal readonly record struct FrameHeader(bool IsFinal, bool Rsv1, Opcode Opcode, long PayloadLength, MaskingKey? MaskingKey)
{
    /// <summary>The longest header: two bytes, a 64-bit length and a masking key.</summary>
    public const int MaxLength = 14;

    /// <summary>The longest header without a masking key, as a server sends it.</summary>
    public const int MaxUnmaskedLength = 10;

    /// <summary>A control frame's payload is at most this long (RFC 6455 5.5).</summary>
    public const int MaxControlPayloadLength = 125;
}
