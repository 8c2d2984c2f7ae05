using System.Runtime.InteropServices;

namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>The kernel's rlimit.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ResourceLimit
{
    public nuint Current;
    public nuint Hard;
}
