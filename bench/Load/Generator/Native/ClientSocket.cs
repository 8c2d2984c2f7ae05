namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>Non-blocking TCP sockets of this machine's loopback, by their descriptors.</summary>
internal static unsafe class ClientSocket
{
    private const int StreamNonBlockingCloseOnExec = 0x1 | 0x800 | 0x80000;
    private const int Tcp = 6;
    private const int NoDelay = 1;
    private const int Ip = 0;
    private const int BindAddressNoPort = 24;
    private const int SocketLevel = 1;
    private const int ReceiveBufferSize = 8;
    private const int PendingError = 4;
    private const int NoSignal = 0x4000;

    /// <summary>Begins to connect; whether it worked is known once the socket is writable.</summary>
    /// <param name="port">The server's, at 127.0.0.1.</param>
    /// <param name="source">The client's own address: 127.0.0.1 for 0, 127.0.0.2 for 1, and so on.</param>
    /// <param name="receiveBuffer">What the kernel keeps of what is not read, in bytes; 0: as much as it likes.</param>
    public static int Connect(int port, int source, int receiveBuffer)
    {
        var descriptor = LinuxError.Check(LinuxCalls.CreateSocket(InternetAddress.Family, StreamNonBlockingCloseOnExec, Tcp), "socket");
        Set(descriptor, Tcp, NoDelay, 1);
        if (receiveBuffer > 0)
        {
            Set(descriptor, SocketLevel, ReceiveBufferSize, receiveBuffer);
        }

        if (source > 0)
        {
            // The port is chosen when the destination is known: one of this address's that is free towards the server.
            Set(descriptor, Ip, BindAddressNoPort, 1);
            var own = InternetAddress.Loopback(source, port: 0);
            LinuxError.Check(LinuxCalls.Bind(descriptor, &own, sizeof(InternetAddress)), "bind");
        }

        var server = InternetAddress.Loopback(0, port);
        if (LinuxCalls.Connect(descriptor, &server, sizeof(InternetAddress)) < 0 && LinuxError.Last != LinuxError.InProgress)
        {
            LinuxError.Check(-1, "connect");
        }

        return descriptor;
    }

    /// <summary>What the attempt to connect came to: 0, or the kernel's error.</summary>
    public static int TakeError(int descriptor)
    {
        int error;
        var length = sizeof(int);
        LinuxError.Check(LinuxCalls.GetOption(descriptor, SocketLevel, PendingError, &error, &length), "getsockopt");
        return error;
    }

    /// <summary>Returns how many bytes came: 0 at the end of the stream, -1 when there is nothing or the connection failed.</summary>
    public static int Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return (int)LinuxCalls.Receive(descriptor, bytes, buffer.Length, flags: 0);
        }
    }

    /// <summary>Returns how many bytes the kernel took: -1 when it takes none now or the connection failed.</summary>
    public static int Send(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            return (int)LinuxCalls.Send(descriptor, bytes, data.Length, NoSignal);
        }
    }

    private static void Set(int descriptor, int level, int name, int value) =>
        LinuxError.Check(LinuxCalls.SetOption(descriptor, level, name, &value, sizeof(int)), "setsockopt");
}
