using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>A network that stops carrying anything and tells nobody, with the clock in the test's hand.</summary>
public sealed class VanishedPeerTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<CloseInfo> _ends = new();

    [Theory]
    [InlineData(false, "")]
    [InlineData(false, "half a frame")]
    [InlineData(false, "much to take")]
    [InlineData(true, "")]
    [InlineData(true, "half a frame")]
    [InlineData(true, "much to take")]
    public async Task It_is_gone_from_hub_and_rooms_within_41_seconds_and_nobody_else_is(bool isInNamespaces, string amid)
    {
        await using IBreakableNetwork network = isInNamespaces ? NamespaceNetwork.Create() : new ProxyNetwork();
        await using var host = await StartAsync(network);
        await using var healthy = new AnsweringPeer(await RawHandshake.UpgradeAsync(await network.ConnectNearbyAsync(host), "/ws"));
        await Wait.Eventually(() => host.Hub.Room("room").Count == 1);
        var healthyClient = host.Hub.Clients.Single();
        await using var peer = await RawHandshake.UpgradeAsync(await network.ConnectAsync(host), "/ws");
        await Wait.Eventually(() => host.Hub.Room("room").Count == 2);
        var connection = host.Hub.Clients.Single(client => client != healthyClient).Connection;
        await peer.SyncAsync();
        if (amid == "half a frame")
        {
            var frame = RawFrame.Encode(RawFrame.BinaryOpcode, new byte[1000], mask: [1, 2, 3, 4]);
            await peer.SendBytesAsync(frame.AsMemory(0, 500));
        }

        network.Break();
        if (amid == "much to take")
        {
            await connection.WriteBinaryAsync(new byte[8 * 1024 * 1024]);

            // What still finds room in the system's buffers is progress, and counts as life: they are small, and full by now.
            for (var i = 0; i < 20; i++)
            {
                await healthy.AssertEchoesAsync("full?");
            }
        }

        // The pings go out at 30 s; the healthy one's answer has been seen before time goes on.
        _time.Advance(30 * _second);
        await Wait.Eventually(() => healthyClient.Connection.LastRoundTripTime is not null, "the healthy peer has answered");
        _time.Advance((10 * _second) - ConnectionTestExtensions.Tick);
        Assert.Equal((2, 2, false), (host.Hub.Count, host.Hub.Room("room").Count, connection.IsClosed));
        _time.Advance(ConnectionTestExtensions.Tick + _second);
        await Wait.Eventually(() => !_ends.IsEmpty, "its end was told");

        Assert.Equal((CloseCode.InternalError, CloseCause.PongTimeout), _ends.Select(end => (end.Code, end.Cause)).Single());
        Assert.Equal([healthyClient], host.Hub.Clients);
        Assert.Equal([healthyClient], host.Hub.Room("room").Members);
        await healthy.AssertEchoesAsync("still there");
        healthyClient.Connection.Abort();
    }

    private Task<KestrelHost> StartAsync(IBreakableNetwork network) => KestrelHost.StartAsync(
        app => app.MapWebSocketHub("/ws", Echo.RunAsync, options => options.WriteTimeout = TimeSpan.Zero),
        builder =>
        {
            builder.UseSmallSendBuffers();
            network.Configure(builder);
            builder.Services.AddSingleton<TimeProvider>(_time);
            builder.Services.AddWebSocketHub(options =>
            {
                options.OnConnected = async (client, ct) => await client.JoinAsync("room", ct);
                options.OnDisconnected = (_, disconnect) =>
                {
                    _ends.Enqueue(disconnect.Close);
                    return Task.CompletedTask;
                };
            });
        });
}
