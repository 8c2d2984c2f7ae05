using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.AspNetCore;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.Faults;

/// <summary>Many lose their connections at once and all come back at once.</summary>
[Collection(RunsAlone.Name)]
public sealed class ReconnectStormTests
{
    private const int Many = 1_000;
    private const int Few = 10;

    [Fact]
    public async Task Those_who_stayed_get_all_messages_in_order_and_all_who_come_back_are_there_once()
    {
        using var unobserved = new UnobservedErrors();
        var (entered, left) = (0, 0);
        await using var host = await KestrelHost.StartAsync(
            app => app.MapWebSocketHub("/ws"),
            builder => builder.Services.AddWebSocketHub(options =>
            {
                options.OnConnected = async (client, ct) =>
                {
                    await client.JoinAsync("all", ct);
                    Interlocked.Increment(ref entered);
                };
                options.OnDisconnected = (_, _) =>
                {
                    Interlocked.Increment(ref left);
                    return Task.CompletedTask;
                };
            }));
        var room = host.Hub.Room("all");
        var stayers = new List<RawPeer>();
        for (var i = 0; i < Few; i++)
        {
            stayers.Add(await host.ConnectPeerAsync("/ws"));
        }

        var sockets = await ConnectManyAsync(host);
        await Wait.Eventually(() => Volatile.Read(ref entered) == Few + Many);

        var mayStop = new TaskCompletionSource();
        var numbersOfStayers = stayers.Select(static _ => new ConcurrentQueue<int>()).ToArray();
        var broadcasting = BroadcastUntilAsync(room, numbersOfStayers, mayStop.Task);
        var reading = stayers.Zip(numbersOfStayers, ReadNumbersAsync).ToArray();
        Parallel.ForEach(sockets, static socket =>
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        });
        await ConnectManyAsync(host);
        await Wait.Eventually(() => Volatile.Read(ref left) == Many && Volatile.Read(ref entered) == Few + (2 * Many), "all are back");
        mayStop.SetResult();
        var last = await broadcasting.Soon();
        await room.BroadcastTextAsync("end");

        await Task.WhenAll(reading).Soon();
        Assert.All(numbersOfStayers, numbers => Assert.Equal(Enumerable.Range(0, last), numbers));

        Assert.Equal((Few + Many, Few + Many, Many), (host.Hub.Count, room.Count, left));
        Assert.Equal(string.Empty, string.Join("\n", host.Complaints()));
        Assert.Empty(unobserved.Find());
    }

    // They read and throw away, so that none of them is cut for being slow.
    private static async Task<ConcurrentBag<Socket>> ConnectManyAsync(KestrelHost host)
    {
        var sockets = new ConcurrentBag<Socket>();
        await Parallel.ForAsync(0, Many, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (_, _) =>
        {
            var stream = await host.ConnectAsync(sockets.Add);
            await RawHandshake.SendAsync(stream, RawHandshake.Request("/ws"));
            _ = DrainAsync(stream);
        });
        return sockets;
    }

    private static async Task DrainAsync(Stream stream)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null);
        }
        catch (IOException)
        {
            // Reset.
        }
    }

    // Each one when all who stay have the one before, so that the test is of the storm and not of the speed of broadcasts.
    private static async Task<int> BroadcastUntilAsync(HubRoom room, ConcurrentQueue<int>[] received, Task end)
    {
        var number = 0;
        for (; !end.IsCompleted; number++)
        {
            var result = await room.BroadcastTextAsync(number.ToString(CultureInfo.InvariantCulture));
            Assert.Equal((result.Targeted, 0), (result.Queued + result.Closed, result.Dropped));
            await Wait.Eventually(() => received.All(numbers => numbers.Count > number), "all who stay have it");
        }

        return number;
    }

    private static async Task ReadNumbersAsync(RawPeer peer, ConcurrentQueue<int> numbers)
    {
        while ((await peer.NextAsync()).Text is var text && text != "end")
        {
            numbers.Enqueue(int.Parse(text, CultureInfo.InvariantCulture));
        }
    }
}
