using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>An endpoint's connections reach their age one after another.</summary>
public sealed class ConnectionAgeEndpointTests
{
    [Fact]
    public async Task They_end_at_the_age_give_or_take_a_tenth_and_not_all_at_once()
    {
        var time = new FakeTimeProvider();
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/hub"),
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(time);
                builder.Services.AddWebSocketHub();
                builder.Services.Configure<WebSocketEndpointOptions>(options =>
                {
                    options.PingInterval = TimeSpan.Zero;
                    options.CloseTimeout = TimeSpan.FromHours(1);
                    options.MaxConnectionAge = TimeSpan.FromSeconds(100);
                });
            });
        var peers = new List<RawPeer>();
        for (var i = 0; i < 20; i++)
        {
            peers.Add(await host.ConnectPeerAsync("/hub"));
        }

        await Wait.Eventually(() => host.Hub.Count == peers.Count);
        var connections = host.Hub.Clients.Select(static client => client.Connection).ToArray();
        time.Advance(TimeSpan.FromSeconds(89));
        Assert.DoesNotContain(connections, static connection => connection.IsClosed);

        // Not all at one moment: twenty draws of two hundred.
        time.Advance(TimeSpan.FromSeconds(11));
        var early = connections.Count(static connection => connection.IsClosed);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.DoesNotContain(connections, static connection => !connection.IsClosed);
        Assert.InRange(early, 1, peers.Count - 1);
        foreach (var peer in peers)
        {
            Assert.Equal(CloseCode.ServiceRestart, (await peer.ReadFrameAsync())!.CloseCode);
            await peer.DisposeAsync();
        }
    }
}
