namespace Waffle.WebSockets.Testing.Frames;

/// <summary>
/// What a frame is (RFC 6455 5.2). The client has a codec of its own, so that a mistake in the server's does not cancel itself out.
/// </summary>
internal static class Opcodes
{
    public const int Continuation = 0x0;
    public const int Text = 0x1;
    public const int Binary = 0x2;
    public const int Close = 0x8;
    public const int Ping = 0x9;
    public const int Pong = 0xA;

    public const int MaxControlPayload = 125;

    public static bool IsControl(int opcode) => opcode >= Close;
}
