using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>The kernel's sockaddr_in, for addresses of this machine.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct InternetAddress
{
    public const int Family = 2;

    private const uint FirstLoopbackAddress = 0x7f000001;

    private readonly ushort _family;
    private readonly ushort _port;
    private readonly uint _address;
    private readonly ulong _padding;

    private InternetAddress(uint address, int port)
    {
        _family = Family;
        _port = ToNetworkOrder((ushort)port);
        _address = ToNetworkOrder(address);
        _padding = 0;
    }

    /// <summary>127.0.0.1 for 0, 127.0.0.2 for 1, and so on.</summary>
    public static InternetAddress Loopback(int number, int port) => new(FirstLoopbackAddress + (uint)number, port);

    private static ushort ToNetworkOrder(ushort value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static uint ToNetworkOrder(uint value) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
