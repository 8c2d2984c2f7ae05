using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.AspNetCore;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>No thread of the pool is free for longer than peers may be silent: neither pings nor pongs get through, and that is our fault, not theirs.</summary>
[Collection(RunsAlone.Name)]
public sealed class StarvedThreadPoolTests
{
    private const int Peers = 200;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Healthy_peers_live_on_and_one_that_answers_nothing_is_found()
    {
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws", options => (options.PingInterval, options.PongTimeout) = (_interval, _timeout)),
            builder => builder.Services.AddWebSocketHub());
        using var peers = new PingAnsweringThread(host.Address.Port, Peers);
        await Wait.Eventually(() => peers.LeastPings > 0, "all have been pinged");

        // Waits for nothing: it is the fault itself.
        ThreadPool.GetMinThreads(out var threads, out _);
        using (new BusyThreadPool(threads + 64))
        {
            var starved = Stopwatch.StartNew();
            SpinWait.SpinUntil(() => starved.Elapsed > _interval + _timeout + (3 * _interval));
        }

        var before = peers.LeastPings;
        await Wait.Eventually(() => peers.Ended > 0 || peers.LeastPings >= before + 3, "all have been pinged three times more");
        Assert.Equal((0, Peers), (peers.Ended, host.Hub.Count));
        await using var silent = await host.ConnectPeerAsync("/ws");
        await silent.ExpectCloseAsync(CloseCode.InternalError);
        await Wait.Eventually(() => host.Hub.Count == Peers, "the silent one is gone");
        Assert.Equal(0, peers.Ended);
    }
}
