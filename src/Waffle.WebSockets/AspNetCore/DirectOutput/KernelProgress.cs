using System.Buffers.Binary;
using System.Net.Sockets;

namespace Waffle.WebSockets.AspNetCore.DirectOutput;

/// <summary>How far a TCP connection has come, by the kernel's own count of bytes since it began.</summary>
/// <param name="Given">What was handed over to be sent, sent or not.</param>
/// <param name="Received">What has come.</param>
internal readonly record struct KernelProgress(long Given, long Received)
{
    // Linux: struct tcp_info of <linux/tcp.h>, which has these fields since version 4.19.
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int ReceivedOffset = 128;
    private const int NotSentOffset = 144;
    private const int SentOffset = 200;
    private const int RetransmittedOffset = 208;
    private const int Length = 216;

    /// <summary>Asks; <see langword="null"/> if the kernel does not tell.</summary>
    public static KernelProgress? Read(Socket socket)
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
        return new KernelProgress(
            Given: sent - retransmitted + BinaryPrimitives.ReadUInt32LittleEndian(info[NotSentOffset..]),
            Received: BinaryPrimitives.ReadInt64LittleEndian(info[ReceivedOffset..]));
    }
}
