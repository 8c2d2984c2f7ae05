using System.Runtime.InteropServices;

namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>The kernel's timespec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpecification
{
    public nint Seconds;
    public nint Nanoseconds;
}
