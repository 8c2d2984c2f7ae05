using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.Connections;

public sealed class LeakTests
{
    private const int Connections = 10_000;

    [Fact]
    public async Task Of_10_000_connections_that_ended_nothing_is_left()
    {
        var time = new FakeTimeProvider();
        var connections = new List<WeakReference>();
        for (var i = 0; i < Connections; i++)
        {
            connections.Add(await RunAsync(time, kind: i % 5));
        }

        Assert.Equal(0, TimerWheel.For(time).Count);

        // Work that is on its way out on the thread pool may hold the last ones for a moment.
        await Wait.Eventually(
            () =>
            {
                GC.Collect();
                return connections.TrueForAll(connection => !connection.IsAlive);
            },
            "all connections are collected");
        GC.KeepAlive(time);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> RunAsync(FakeTimeProvider time, int kind)
    {
        await using var pair = ConnectionPair.Create(time: time);
        await pair.Server.WriteTextAsync("hello");
        await pair.Client.NextAsync();
        switch (kind)
        {
            case 0:
                await pair.Client.SendCloseAsync();
                break;
            case 1:
                await pair.Client.EndAsync();
                break;
            case 2:
                await pair.Client.SendFrameAsync(0x3);
                await pair.Server.Completion.Soon();
                await pair.Client.EndAsync();
                break;
            case 3:
                _ = pair.Server.CloseAsync();
                await pair.Client.SendCloseAsync();
                break;
            default:
                pair.Server.Abort();
                break;
        }

        await pair.Server.Completion.Soon();
        await pair.Server.DisposeAsync();
        return new WeakReference(pair.Server);
    }
}
