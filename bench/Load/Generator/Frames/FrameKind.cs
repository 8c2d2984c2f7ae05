namespace Waffle.WebSockets.Bench.Load.Generator.Frames;

/// <summary>The opcodes of RFC 6455, section 5.2.</summary>
internal enum FrameKind : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}
