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

    private NamespaceNetwork(NetworkNamespace server, NetworkNamespace peer) => (_server, _peer) = (server, peer);

    /// <summary>Makes it, or skips the test where that is not possible.</summary>
    public static NamespaceNetwork Create()
    {
        var server = NetworkNamespace.TryCreate(out var reason);
        SkipUnlessEmpty(reason);
        var peer = NetworkNamespace.TryCreate(out reason);
        SkipUnlessEmpty(reason);
        var network = new NamespaceNetwork(server!, peer!);
        reason = network.Connect();
        if (reason.Length > 0)
        {
            network.DisposeBoth();
        }

        SkipUnlessEmpty(reason);
        return network;
    }

    public void Configure(WebApplicationBuilder builder) =>
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => _server.Run(static () =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 16 * 1024 };
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            return socket;
        }));

    public Task<Stream> ConnectAsync(KestrelHost host) => ConnectAsync(_peer, _serverAddress, host.Address.Port);

    public Task<Stream> ConnectNearbyAsync(KestrelHost host) => ConnectAsync(_server, IPAddress.Loopback, host.Address.Port);

    public void Break() => Assert.Empty(_peer.TryConfigure("link set card down"));

    public ValueTask DisposeAsync()
    {
        DisposeBoth();
        return ValueTask.CompletedTask;
    }

    private static void SkipUnlessEmpty(string reason) => Assert.SkipWhen(
        reason.Length > 0, $"Network namespaces cannot be had here: {reason} The same is tested with a proxy that falls silent.");

    private static async Task<Stream> ConnectAsync(NetworkNamespace within, IPAddress address, int port)
    {
        var socket = within.Run(static () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        await socket.ConnectAsync(address, port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    // Returns why it is not possible, or nothing.
    private string Connect() => string.Concat(
        _server.TryConfigure("link set lo up"),
        _server.TryConfigure($"link add card type veth peer name card netns {_peer.Name}"),
        _server.TryConfigure("address add 192.0.2.1/24 dev card"),
        _server.TryConfigure("link set card up"),
        _peer.TryConfigure("address add 192.0.2.2/24 dev card"),
        _peer.TryConfigure("link set card up"));

    private void DisposeBoth()
    {
        _server.Dispose();
        _peer.Dispose();
    }
}
