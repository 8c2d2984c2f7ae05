using System.Net;
using System.Net.Sockets;

namespace Waffle.WebSockets.Bench.Load.Processes;

internal static class FreePort
{
    /// <summary>A port of 127.0.0.1 that nobody listened on just now.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
