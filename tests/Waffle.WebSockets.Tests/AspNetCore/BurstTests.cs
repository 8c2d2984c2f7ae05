using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;
using Waffle.WebSockets.Tests.Faults;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>With the default settings, many messages at once to a client on a real server that reads as fast as it can.</summary>
[Collection(RunsAlone.Name)]
public sealed class BurstTests
{
    private const int Bursts = 20;
    private const int Messages = 2_000;
    private const int Length = 200;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task C61_a_burst_harms_no_client_that_reads_though_the_thread_pool_is_busy(bool isPoolBusy)
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws"), builder => builder.Services.AddWebSocketHub());
        await using var peer = await host.ConnectPeerAsync("/ws");
        await Wait.Eventually(() => host.Hub.Count == 1);
        var client = host.Hub.Clients.Single();
        var received = 0;
        var reading = Task.Run(async () =>
        {
            for (var number = 0; number < Bursts * Messages; number++)
            {
                Assert.Equal(ConnectionTestExtensions.Numbered(number, Length), (await peer.NextAsync()).Payload);
                Interlocked.Increment(ref received);
            }
        });
        for (var burst = 0; burst < Bursts; burst++)
        {
            using (new BusyThreadPool(isPoolBusy ? 64 : 0))
            {
                Send(host.Hub, client, first: burst * Messages);
            }

            await Wait.Eventually(() => reading.IsCompleted || Volatile.Read(ref received) == (burst + 1) * Messages, "the burst has arrived");
        }

        await reading.Soon();
        Assert.False(client.Connection.IsClosed);
    }

    // Without waiting for anything: sends to the client and broadcasts by turns.
    private static void Send(WebSocketHub hub, HubClient client, int first)
    {
        for (var number = first; number < first + Messages; number++)
        {
            var data = ConnectionTestExtensions.Numbered(number, Length);
            if (number % 2 == 0)
            {
                var sending = client.SendBinaryAsync(data);
                Assert.True(sending.IsCompletedSuccessfully && sending.Result == SendStatus.Queued);
            }
            else
            {
                var broadcast = hub.BroadcastBinaryAsync(data);
                Assert.True(broadcast.IsCompletedSuccessfully && broadcast.Result == new BroadcastResult(1, 0, 0));
            }
        }
    }
}
