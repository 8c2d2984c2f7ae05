using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.AspNetCore;

namespace Waffle.WebSockets.Tests.Connections;

/// <summary>Connections that come, join a room, and end in one way or another, many times over.</summary>
/// <remarks>LEAK_CYCLES in the environment makes it more of them: 1,000,000 take some minutes.</remarks>
[Collection(RunsAlone.Name)]
public sealed class LeakTests(ITestOutputHelper output)
{
    private const int AtATime = 10_000;
    private const string Cycles = "LEAK_CYCLES";

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Of_connections_that_ended_nothing_is_left()
    {
        var cycles = int.Parse(Environment.GetEnvironmentVariable(Cycles) ?? $"{2 * AtATime}", CultureInfo.InvariantCulture);
        var hub = new WebSocketHub(time: _time);
        using var buffers = new RentedBuffers();
        long first = 0;
        for (var done = 0; done < cycles; done += AtATime)
        {
            await AssertAllAreCollectedAsync(await RunManyAsync(hub));
            Assert.Equal((0, 0), (hub.Count, hub.RoomNames.Count));
            Assert.Equal(0, TimerWheel.For(_time).Count);
            await Wait.Eventually(() => buffers.Bytes == 0, "all buffers are given back");

            var live = GC.GetTotalMemory(forceFullCollection: true);
            first = first == 0 ? live : first;
            output.WriteLine($"{done + AtATime} cycles: {live} bytes, {100.0 * (live - first) / first:F2} % over the first");
            Assert.InRange(live, 0, first + (first / 20));
        }
    }

    private async Task<List<WeakReference>> RunManyAsync(WebSocketHub hub)
    {
        var connections = new List<WeakReference>(AtATime);
        for (var i = 0; i < AtATime; i++)
        {
            connections.Add(await RentedBuffers.Watch(() => RunAsync(hub, kind: i % 5)));
        }

        return connections;
    }

    // Work that is on its way out on the thread pool may hold the last ones for a moment.
    private static Task AssertAllAreCollectedAsync(List<WeakReference> connections) => Wait.Eventually(
        () =>
        {
            GC.Collect();
            return connections.TrueForAll(connection => !connection.IsAlive);
        },
        "all connections are collected");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> RunAsync(WebSocketHub hub, int kind)
    {
        await using var pair = ConnectionPair.Create(time: _time);
        var client = await hub.AddAsync(pair.Server);
        await client.JoinAsync("room");
        await hub.Room("room").BroadcastTextAsync("hello");
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

        await client.Departure.Soon();
        await pair.Server.DisposeAsync();
        return new WeakReference(pair.Server);
    }
}
