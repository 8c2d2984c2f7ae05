using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.BackplaneTests;

/// <summary>Several hubs that are one, each with clients in memory.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly ConcurrentBag<ConnectionPair> _pairs = [];
    private FakeTimeProvider? _time;

    public required IReadOnlyList<WebSocketHub> Hubs { get; init; }

    /// <summary>The way of each hub to the others, where it is known.</summary>
    public IReadOnlyList<IBackplane> Backplanes { get; init; } = [];

    /// <summary>The gaps that each hub has told.</summary>
    public required IReadOnlyList<ConcurrentQueue<HubGap>> Gaps { get; init; }

    /// <summary>What all hubs have logged.</summary>
    public RecordedLogs Logs { get; init; } = new();

    public static async Task<Cluster> StartAsync(
        Func<int, IBackplane> connect,
        int servers,
        Action<BackplaneOptions>? configure = null,
        Action<WebSocketHubOptions>? configureHub = null,
        TimeProvider? time = null,
        bool waits = true)
    {
        var gaps = Enumerable.Range(0, servers).Select(static _ => new ConcurrentQueue<HubGap>()).ToArray();
        var hubs = new WebSocketHub[servers];
        var backplanes = new IBackplane[servers];
        var logs = new RecordedLogs();
        var logger = new LoggerFactory([logs]).CreateLogger<WebSocketHub>();
        for (var i = 0; i < servers; i++)
        {
            var ofServer = gaps[i];
            var options = new WebSocketHubOptions
            {
                OnGap = (_, gap) =>
                {
                    ofServer.Enqueue(gap);
                    return Task.CompletedTask;
                },
            };
            configureHub?.Invoke(options);
            var backplane = new BackplaneOptions { ServerName = $"server {i}" };
            configure?.Invoke(backplane);
            backplanes[i] = connect(i);
            hubs[i] = new WebSocketHub(options, time: time, logger: logger, backplane: backplanes[i], backplaneOptions: backplane);
        }

        var cluster = new Cluster { Hubs = hubs, Backplanes = backplanes, Gaps = gaps, Logs = logs, _time = time as FakeTimeProvider };
        if (waits)
        {
            await Wait.Eventually(() => hubs.All(hub => hub.Bridge!.Link.State == EngineState.There && hub.Servers.Count == servers - 1), "all servers know each other");
        }

        return cluster;
    }

    /// <summary>Returns when the watches of all servers on the engine have come to a state.</summary>
    public Task UntilAllAreAsync(EngineState state) => Task.WhenAll(Hubs.Select((_, server) => UntilAsync(server, state)));

    /// <summary>Returns when a server's watch on the engine has come to a state.</summary>
    public async Task UntilAsync(int server, EngineState state)
    {
        await Wait.Eventually(() => Hubs[server].Bridge!.Link.State == state, $"server {server} is {state}");
        if (state == EngineState.Away)
        {
            // It says so a moment before it refuses.
            await Wait.Eventually(async () => (await Hubs[server].Room("nobody").BroadcastTextAsync("away?")).Published == PublishStatus.Failed, "nothing is taken");
        }
    }

    /// <summary>The rooms that a server has subscribed to, or is about to.</summary>
    public IReadOnlyList<string> RoomsSubscribedTo(int server) =>
        [.. Hubs[server].Bridge!.Link.Subscriptions.Where(static scope => scope.Kind == ScopeKind.Room).Select(static scope => scope.Name)];

    public async Task<Member> ConnectAsync(int server, string? id = null, params string[] rooms)
    {
        var pair = ConnectionPair.Create(time: _time);
        _pairs.Add(pair);
        var client = await Hubs[server].AddAsync(pair.Server, id).AsTask().Soon();
        foreach (var room in rooms)
        {
            Assert.Equal(JoinResult.Joined, await client.JoinAsync(room).AsTask().Soon());
        }

        return new Member(client, pair.Client);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_pairs.Select(static pair => pair.DisposeAsync().AsTask())).Soon();
        await Task.WhenAll(Hubs.Select(static hub => hub.DisposeAsync().AsTask())).Soon();
    }

    /// <summary>A client and its hand-made peer.</summary>
    internal sealed record Member(HubClient Client, RawPeer Peer)
    {
        /// <summary>The next message, as text.</summary>
        public async Task<string> NextTextAsync() => (await Peer.ReadFrameButPingsAsync().Soon())!.Text;

        /// <summary>Another server broadcasts to some rooms, and the member gets each once.</summary>
        public async Task AssertHearsAsync(WebSocketHub other, params string[] rooms)
        {
            var listener = new Listener(this);
            foreach (var room in rooms)
            {
                await other.Room(room).BroadcastTextAsync($"to {room} for {Client.Id}");
                await other.Room(room).BroadcastTextAsync($"end of {room} for {Client.Id}");
            }

            await Wait.Eventually(() => rooms.All(room => listener.HasHeard($"end of {room} for {Client.Id}")), "all rooms are heard");
            Assert.All(rooms, room => Assert.Single(listener.Texts, $"to {room} for {Client.Id}"));
        }

        /// <summary>What came up to a text, without it.</summary>
        public async Task<List<string>> TextsUpToAsync(string last)
        {
            var texts = new List<string>();
            while (await NextTextAsync() is var text && text != last)
            {
                texts.Add(text);
            }

            return texts;
        }
    }
}
