namespace Waffle.WebSockets.InterleavingTests.Scenes;

/// <summary>Frames of a peer's, masked with zeros.</summary>
internal static class Frames
{
    public static ReadOnlySpan<byte> Ping => [0x89, 0x80, 0, 0, 0, 0];

    public static ReadOnlySpan<byte> Text => [0x81, 0x81, 0, 0, 0, 0, (byte)'x'];

    public static ReadOnlySpan<byte> Close => [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8];

    /// <summary>With an opcode that does not exist.</summary>
    public static ReadOnlySpan<byte> Invalid => [0x83, 0x80, 0, 0, 0, 0];
}
