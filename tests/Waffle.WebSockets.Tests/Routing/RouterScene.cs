using System.Text.Json;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;
using Waffle.WebSockets.Tests.Hubs;

namespace Waffle.WebSockets.Tests.Routing;

/// <summary>A client of a hub, and others if need be, whose messages a router handles.</summary>
internal sealed class RouterScene : IAsyncDisposable
{
    private readonly HubScene _hub;
    private readonly MessageRouter _router;

    private RouterScene(HubScene hub, MessageRouter router, HubPeer peer, Task<CloseInfo> run)
    {
        _hub = hub;
        _router = router;
        Peer = peer;
        Run = run;
    }

    public HubPeer Peer { get; }

    /// <summary>The router's loop.</summary>
    public Task<CloseInfo> Run { get; }

    public RecordedLogs Logs => _hub.Logs;

    public static async Task<RouterScene> StartAsync(
        MessageRouter router,
        JsonSerializerOptions? serializerOptions = null,
        IServiceProvider? services = null,
        WebSocketHubOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var hub = new HubScene(options, serializerOptions, services);
        var peer = await ConnectAsync(hub, "ann");
        return new RouterScene(hub, router, peer, router.RunAsync(peer.Client, cancellationToken));
    }

    /// <summary>One more client.</summary>
    public async Task<HubPeer> ConnectAsync(string id)
    {
        var peer = await ConnectAsync(_hub, id);
        _ = _router.RunAsync(peer.Client);
        return peer;
    }

    public void Advance(TimeSpan time) => _hub.Time.Advance(time);

    public Task SendAsync(string text) => Peer.Peer.SendTextAsync(text);

    /// <summary>Sends a message and gives the text of the next one that comes back.</summary>
    public async Task<string> AskAsync(string text)
    {
        await SendAsync(text);
        return await Peer.NextTextAsync();
    }

    /// <summary>Closes as a peer does in good order, and gives what the loop returned.</summary>
    public async Task<CloseInfo> CloseAsync()
    {
        await Peer.Peer.SendCloseAsync();
        await Peer.Peer.ExpectCloseAsync(CloseCode.NormalClosure);
        return await Run.Soon();
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    // Without pings, so that a test may let much time pass.
    private static Task<HubPeer> ConnectAsync(HubScene hub, string id) =>
        hub.ConnectAsync(id, static options => options.PingInterval = TimeSpan.Zero);
}
