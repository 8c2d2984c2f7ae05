namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>The kernel's flags of an epoll event.</summary>
[Flags]
internal enum SocketEvents
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,

    /// <summary>Told whether or not it was asked for, as <see cref="HungUp"/> is.</summary>
    Failed = 0x8,
    HungUp = 0x10,
}
