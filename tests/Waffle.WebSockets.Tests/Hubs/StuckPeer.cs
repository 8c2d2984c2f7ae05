using System.IO.Pipelines;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Hubs;

/// <summary>A hub's client whose output takes nothing, ever.</summary>
internal sealed class StuckPeer : IAsyncDisposable
{
    private readonly Pipe _toServer = new();

    private StuckPeer()
    {
    }

    public HubClient Client { get; private set; } = null!;

    public static async Task<StuckPeer> ConnectAsync(HubScene scene, WebSocketConnectionOptions? options = null, CountedLimits? limits = null)
    {
        var peer = new StuckPeer();
        var transport = new PipeTransport(new DuplexPipe(peer._toServer.Reader, new StuckOutput()));
        var connection = new WebSocketConnection(transport, options ?? new WebSocketConnectionOptions(), scene.Time, hits: limits?.Hits);
        connection.Start();
        peer.Client = await scene.Hub.AddAsync(connection);
        return peer;
    }

    /// <summary>One message is under way, one waits, and there is no room for more.</summary>
    public static async Task<StuckPeer> ConnectFullAsync(HubScene scene, QueueFullPolicy policy, CountedLimits? limits = null)
    {
        var peer = await ConnectAsync(scene, new WebSocketConnectionOptions { SendQueueMaxMessages = 1, WhenQueueFull = policy }, limits);
        Assert.Equal(SendStatus.Queued, await peer.Client.SendTextAsync("under way"));
        Assert.Equal(SendStatus.Queued, await peer.Client.SendTextAsync("waits"));
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Connection.Abort();
        await Client.DisposeAsync();
    }
}
