using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>A real server whose engine accepts connections and answers nothing; a class for each real engine inherits the tests.</summary>
public abstract class HungEngineContract
{
    private static readonly string _bulk = new('x', 512 * 1024);

    private static readonly SendOptions _droppable = new() { WhenQueueFull = QueueFullPolicy.DropNewest };

    protected abstract Task<RealEngine> StartEngineAsync();

    [Fact]
    public async Task C96_members_come_go_and_hear_each_other_and_the_host_stops_within_its_time()
    {
        await using var engine = await StartEngineAsync();
        var clients = new ConcurrentDictionary<string, HubClient>();
        var host = await StartHostAsync(engine, clients);
        await Wait.Eventually(() => host.Hub.Bridge!.Link.State == EngineState.There, "the engine is there");
        await using var stays = await host.ConnectPeerAsync("/hub?name=stays");
        await using var leaves = await host.ConnectPeerAsync("/hub?name=leaves");
        await Wait.Eventually(() => host.Hub.Room("tea").Count == 2);

        await engine.Process.PauseAsync();

        // Who comes now, before anybody knows that the engine hangs, waits for a second at most.
        await using var comes = await host.ConnectPeerAsync("/hub?name=comes");
        await Wait.Eventually(() => host.Hub.Room("tea").Count == 3, "it has joined");
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(3, (await host.Hub.Room("tea").BroadcastTextAsync($"{i}")).Queued);
        }

        await AssertHearsAllAsync(stays);
        await AssertHearsAllAsync(comes);
        Assert.Equal(JoinResult.Joined, await clients["stays"].JoinAsync("coffee").AsTask().Soon());
        Assert.True(await clients["stays"].LeaveAsync("tea"));
        await leaves.SendCloseAsync();
        await Wait.Eventually(() => host.Hub.Room("tea").Count == 1, "one has left the room, and one the hub");

        // More than the engine's socket and the driver hold, so that at the stop there is something that nobody takes.
        await Wait.Eventually(async () => (await host.Hub.Room("coffee").BroadcastTextAsync(_bulk, _droppable)).Published == PublishStatus.Failed, "no more is taken");
        Assert.InRange(host.Hub.Bridge!.Link.WaitingBytes, 0, new BackplaneOptions().MaxPendingBytes);

        var stopping = host.App.StopAsync();
        Assert.Equal(CloseCode.ServiceRestart, (await NextCloseAsync(stays)).CloseCode);
        await stays.SendCloseAsync(1012);
        await NextCloseAsync(comes);
        await comes.SendCloseAsync(1012);
        await stopping.Soon();
        await host.App.DisposeAsync().AsTask().Soon();
    }

    private static Task<KestrelHost> StartHostAsync(RealEngine engine, ConcurrentDictionary<string, HubClient> clients) => KestrelHost.StartAsync(
        app => app.MapWebSocketHub(
            "/hub",
            async (client, cancellationToken) =>
            {
                clients[client.Id] = client;
                await client.JoinAsync("tea", cancellationToken);
                await foreach (var _ in client.Connection.ReadAllAsync(cancellationToken))
                {
                }
            },
            static options => options.ClientId = static http => http.Request.Query["name"].ToString()),
        builder =>
        {
            // Nothing that hangs is cut off: the stop ends by itself, or the test fails.
            builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);
            engine.AddTo(builder.Services.AddWebSocketHub());
        });

    private static async Task AssertHearsAllAsync(RawPeer peer)
    {
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal($"{i}", (await peer.ReadFrameButPingsAsync())!.Text);
        }
    }

    private static async Task<RawFrame> NextCloseAsync(RawPeer peer)
    {
        RawFrame? frame;
        do
        {
            frame = await peer.ReadFrameButPingsAsync();
        }
        while (frame!.Opcode != RawFrame.CloseOpcode);

        return frame;
    }
}
