using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>
/// Servers with a member each in many rooms, to which something happens several times. What is counted afterwards must be as it was before, and the
/// memory as after the first time.
/// </summary>
internal sealed class FlatMemoryScene : IAsyncDisposable
{
    private const int Rounds = 3;

    // Of what is broadcast in these rounds not much more than half may stay: the pools, ours and the drivers', grow in the first of them. In forty they had
    // come to their end after fifteen.
    private const long MemoryBound = 4 * 1024 * 1024;

    // Nobody is to be disconnected for he is slow.
    private static readonly SendOptions _droppable = new() { WhenQueueFull = QueueFullPolicy.DropNewest };

    // So long that its frame rents a buffer.
    private static readonly string _text = new('x', 4 * 1024);

    private readonly RentedBuffers _buffers = new();
    private readonly CountedTimers _time = new();
    private readonly List<Cluster.Member> _members = [];
    private readonly RealEngine _engine;

    private FlatMemoryScene(RealEngine engine) => _engine = engine;

    public static string[] Rooms { get; } = [.. Enumerable.Range(0, 100).Select(static room => $"room {room}")];

    public Cluster Cluster { get; private set; } = null!;

    /// <param name="engine">The engine.</param>
    /// <param name="ports">Each server's way to it.</param>
    public static async Task<FlatMemoryScene> StartAsync(RealEngine engine, int[] ports)
    {
        var scene = new FlatMemoryScene(engine);
        scene.Cluster = await Cluster.StartAsync(server => engine.Connect(ports[server]), ports.Length, Configure, time: scene._time);
        for (var server = 0; server < ports.Length; server++)
        {
            scene._members.Add(await scene.Cluster.ConnectAsync(server, null, Rooms));
            _ = SwallowAsync(scene._members[server]);
        }

        return scene;
    }

    /// <summary>Starts servers of the same hub, on the same clock.</summary>
    public Task<Cluster> StartOthersAsync(Func<IBackplane> connect, int servers) =>
        Cluster.StartAsync(_ => connect(), servers, Configure, time: _time, waits: false);

    /// <summary>A server broadcasts something long to each room; what it rents for that is counted.</summary>
    public static async Task BroadcastAsync(WebSocketHub hub)
    {
        foreach (var room in Rooms)
        {
            await RentedBuffers.Watch(() => hub.Room(room).BroadcastTextAsync(_text, _droppable).AsTask());
        }
    }

    /// <summary>All servers broadcast.</summary>
    public Task BroadcastAsync() => Task.WhenAll(Cluster.Hubs.Select(BroadcastAsync));

    /// <summary>On each server somebody joins rooms where nobody is, and leaves them.</summary>
    public async Task JoinAndLeaveAsync()
    {
        foreach (var member in _members)
        {
            Assert.Equal(JoinResult.Joined, await member.Client.JoinAsync("empty").AsTask().Soon());
            Assert.True(await member.Client.LeaveAsync("empty"));
        }
    }

    /// <summary>Does it once to warm up, and then several times.</summary>
    public async Task AssertMemoryIsFlatAsync(Func<Task> round)
    {
        var before = await Holdings.TakeAsync(_engine, Cluster);
        await round();
        await SettleAsync(before, timers: int.MaxValue);
        var (memory, timers) = (GC.GetTotalMemory(forceFullCollection: true), _time.Count);
        for (var i = 0; i < Rounds; i++)
        {
            await round();
            await SettleAsync(before, timers);
        }

        // What the drivers still hold for a moment is not ours.
        await Wait.Eventually(() => GC.GetTotalMemory(forceFullCollection: true) <= memory + MemoryBound, "the memory is as it was");
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        _buffers.Dispose();
    }

    private async Task SettleAsync(Holdings before, int timers)
    {
        await before.UntilAgainAsync(_engine, Cluster);
        await Wait.Eventually(() => _buffers.Bytes == 0, "all frames are given back");
        await Wait.Eventually(() => _time.Count <= timers, "no timer is left");
        foreach (var gaps in Cluster.Gaps)
        {
            gaps.Clear();
        }
    }

    private static void Configure(BackplaneOptions options)
    {
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(200);
        options.ServerLease = TimeSpan.FromMilliseconds(400);
        options.JoinTimeout = TimeSpan.FromMilliseconds(100);
    }

    private static async Task SwallowAsync(Cluster.Member member)
    {
        while (await member.Peer.ReadFrameAsync() is not null)
        {
        }
    }
}
