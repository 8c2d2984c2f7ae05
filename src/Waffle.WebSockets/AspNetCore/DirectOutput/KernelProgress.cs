using System.Buffers.Binary;
using System.Net.Sockets;

namespace Waffle.WebSockets.AspNetCore.DirectOutput;

/// <summary>How much the kernel has been given to send on a TCP connection, by its own count.</summary>
internal static class KernelProgress
{
    // Linux: struct tcp_info of <linux/tcp.h>, which has these fields since version 4.19.
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int NotSentOffset = 144;
    private const int SentOffset = 200;
    private const int RetransmittedOffset = 208;
    private const int Length = 216;

    /// <summary>Bytes that were handed to the kernel since the connection began, sent or not; <see langword="null"/> if it does not tell.</summary>
    public static long? Read(Socket socket)
    {
        Span<byte> info = stackalloc byte[Length];
        try
        {
            if (socket.GetRawSocketOption(Tcp, TcpInfo, info) < Length)
            {
                return null;
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return null;
        }

        var sent = BinaryPrimitives.ReadInt64LittleEndian(info[SentOffset..]);
        var retransmitted = BinaryPrimitives.ReadInt64LittleEndian(info[RetransmittedOffset..]);
        return sent - retransmitted + BinaryPrimitives.ReadUInt32LittleEndian(info[NotSentOffset..]);
    }
}
