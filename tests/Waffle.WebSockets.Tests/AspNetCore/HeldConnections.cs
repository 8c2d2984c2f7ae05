using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>A server whose handlers do nothing and stay, so that the test acts on the connections in their place. For tests that run alone.</summary>
internal sealed class HeldConnections : IAsyncDisposable
{
    private readonly Channel<WebSocketConnection> _connections = Channel.CreateUnbounded<WebSocketConnection>();
    private readonly TaskCompletionSource _mayEnd = new();
    private readonly UnobservedErrors _unobserved = new();
    private readonly List<RawPeer> _peers = [];
    private readonly TransportKind _kind;
    private KestrelHost? _host;

    private HeldConnections(TransportKind kind) => _kind = kind;

    public static async Task<HeldConnections> StartAsync(TransportKind kind)
    {
        var scene = new HeldConnections(kind);
        scene._host = await TestServer.StartAsync(kind, app => app.MapWebSocket("/ws", (connection, _) =>
        {
            scene._connections.Writer.TryWrite(connection);
            return scene._mayEnd.Task;
        }));
        return scene;
    }

    /// <summary>Connects a peer, and finds its connection on the server. One at a time.</summary>
    public async Task<(RawPeer Peer, WebSocketConnection Connection)> ConnectAsync(Action<Socket>? configure = null)
    {
        var peer = await _host!.ConnectPeerAsync(_kind, configure: configure);
        _peers.Add(peer);
        return (peer, await _connections.Reader.ReadAsync().Soon());
    }

    /// <summary>Lets the handlers end and stops the server: nothing is logged from Information up, and no exception unobserved.</summary>
    public async Task AssertNoTraceAsync()
    {
        _mayEnd.SetResult();
        await _host!.App.StopAsync().Soon();
        Assert.Equal(string.Empty, string.Join("\n", _host.Complaints()));
        Assert.Empty(_unobserved.Find());
    }

    public async ValueTask DisposeAsync()
    {
        _mayEnd.TrySetResult();
        foreach (var peer in _peers)
        {
            await peer.DisposeAsync();
        }

        await _host!.DisposeAsync();
        _unobserved.Dispose();
    }
}
