using System.Net;
using System.Net.Sockets;

namespace Waffle.WebSockets.TestKit;

/// <summary>Ports for programs that can't choose one themselves.</summary>
/// <remarks>
/// Below those that the system gives away: between the look at one of these and the program's start another test's server, or any connection, may take it,
/// and be taken for the program.
/// </remarks>
public static class FreePort
{
    private const int First = 10_000;
    private const int Count = 20_000;

    private static int _last = Random.Shared.Next(Count);

    /// <summary>One that nobody listens on, and that was not given away before.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one.
            }
        }
    }
}
