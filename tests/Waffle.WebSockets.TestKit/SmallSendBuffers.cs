using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Waffle.WebSockets.TestKit;

/// <summary>Lets a peer that does not read stall a server soon.</summary>
public static class SmallSendBuffers
{
    public static void UseSmallSendBuffers(this WebApplicationBuilder builder) =>
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = static endpoint =>
        {
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 16 * 1024 };
            socket.Bind(endpoint);
            return socket;
        });
}
