using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>The kernel's own network: server and peer in namespaces of their own, with a pair of virtual cards between them, one of which goes down.</summary>
internal sealed class NamespaceNetwork : IBreakableNetwork
{
    private static readonly IPAddress _serverAddress = IPAddress.Parse("192.0.2.1");

    private readonly NetworkNamespace _server;
    private readonly NetworkNamespace _peer;

    private NamespaceNetwork(NetworkNamespace server, NetworkNamespace peer)
    {
        (_server, _peer) = (server, peer);
        _server.Configure("link set lo up");
        _server.Configure($"link add card type veth peer name card netns {_peer.Name}");
        _server.Configure("address add 192.0.2.1/24 dev card");
        _server.Configure("link set card up");
        _peer.Configure("address add 192.0.2.2/24 dev card");
        _peer.Configure("link set card up");
    }

    /// <summary>Makes it, or skips the test where there are no namespaces.</summary>
    public static NamespaceNetwork Create()
    {
        var server = NetworkNamespace.TryCreate(out var reason);
        Assert.SkipWhen(server is null, $"Network namespaces cannot be made here: {reason}. The same is tested with a proxy that falls silent.");
        return new NamespaceNetwork(server!, NetworkNamespace.TryCreate(out _)!);
    }

    public void Configure(WebApplicationBuilder builder) =>
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => _server.Run(static () =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            return socket;
        }));

    public Task<Stream> ConnectAsync(KestrelHost host) => ConnectAsync(_peer, _serverAddress, host.Address.Port);

    public Task<Stream> ConnectNearbyAsync(KestrelHost host) => ConnectAsync(_server, IPAddress.Loopback, host.Address.Port);

    public void Break() => _peer.Configure("link set card down");

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _peer.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<Stream> ConnectAsync(NetworkNamespace within, IPAddress address, int port)
    {
        var socket = within.Run(static () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        await socket.ConnectAsync(address, port);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
