using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore.Drain;

/// <summary>A server with a hub whose handler of <c>work</c> waits for the test, and what its callbacks saw.</summary>
public sealed class DrainScene : IAsyncDisposable
{
    private readonly SemaphoreSlim _atWork = new(0);
    private readonly List<HubDisconnect> _disconnects = [];
    private KestrelHost? _host;

    public KestrelHost Host => _host!;

    public WebSocketDrain Drain => Host.App.Services.GetRequiredService<WebSocketDrain>();

    /// <summary>Lets the handlers of <c>work</c> go on.</summary>
    public TaskCompletionSource Work { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How the disconnect callback was called.</summary>
    public IReadOnlyList<HubDisconnect> Disconnects
    {
        get
        {
            lock (_disconnects)
            {
                return [.. _disconnects];
            }
        }
    }

    public static async Task<DrainScene> StartAsync(
        Action<WebSocketDrainOptions>? drain = null, TimeSpan? shutdownTimeout = null, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        var scene = new DrainScene();
        scene._host = await KestrelHost.StartAsync(
            app =>
            {
                app.MapWebSocketHub("/hub", scene.CreateRouter());
                map?.Invoke(app);
            },
            builder =>
            {
                builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = shutdownTimeout ?? TimeSpan.FromHours(1));
                builder.Services.AddWebSocketHub(hub => hub.OnDisconnected = scene.OnDisconnectedAsync);
                builder.Services.AddWebSocketDrain(drain);
                configure?.Invoke(builder);
            });
        return scene;
    }

    /// <summary>Connects a client, who is in the hub then and has nothing to do.</summary>
    public async Task<RawPeer> ConnectAsync()
    {
        var peer = await Host.ConnectPeerAsync("/hub");
        await peer.SendTextAsync("""{"type":"hello","id":"1"}""");
        var answer = TypedMessage.Parse((await peer.ReadFrameAsync())!.Payload);
        var connection = Host.Hub.GetRequiredClient(answer.GetPayload<string>()!).Connection;
        await Wait.Eventually(() => !connection.IsAtWork);
        return peer;
    }

    /// <summary>Connects a client whose handler is at work.</summary>
    public async Task<RawPeer> ConnectAtWorkAsync(string type = "work")
    {
        var peer = await ConnectAsync();
        await peer.SendTextAsync($$"""{"type":"{{type}}","id":"2"}""");
        Assert.True(await _atWork.WaitAsync(RawPeer.Patience));
        return peer;
    }

    /// <summary>Returns when the turn of all clients has come.</summary>
    public Task ExpectClosePendingAsync() => Wait.Eventually(() => Host.Hub.Clients.All(static client => client.Connection.IsClosePending));

    public async ValueTask DisposeAsync()
    {
        Work.TrySetResult();
        await Host.DisposeAsync();
        _atWork.Dispose();
    }

    private MessageRouter CreateRouter() => new MessageRouter()
        .OnRequest("hello", (client, _) => Task.FromResult(client.Connection.Id))
        .OnRequest("work", async (_, ct) =>
        {
            _atWork.Release();
            await Work.Task.WaitAsync(ct);
            return "done";
        })
        .OnRequest("ignore", async (_, _) =>
        {
            _atWork.Release();
            await Work.Task;
            return "done";
        });

    private Task OnDisconnectedAsync(HubClient client, HubDisconnect disconnect)
    {
        lock (_disconnects)
        {
            _disconnects.Add(disconnect);
        }

        return Task.CompletedTask;
    }
}
