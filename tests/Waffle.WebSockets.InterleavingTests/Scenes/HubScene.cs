using System.Collections.Concurrent;
using Waffle.WebSockets.Connections.Timing;
using Waffle.WebSockets.InterleavingTests.Schedules;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.InterleavingTests.Scenes;

/// <summary>A hub whose clients' transports take everything at once, and what its callbacks were told.</summary>
internal sealed class HubScene
{
    private readonly Interleaver _schedule;
    private readonly List<GatedTransport> _transports = [];
    private readonly List<HubClient> _clients = [];
    private int _connected;

    public HubScene(Interleaver schedule)
    {
        _schedule = schedule;
        Hub = new WebSocketHub(
            new WebSocketHubOptions { OnConnected = OnConnectedAsync, OnDisconnected = OnDisconnectedAsync }, serializerOptions: null, Time);
    }

    public ManualTime Time { get; } = new();

    public WebSocketHub Hub { get; }

    /// <summary>Whether the connect callback joins a room and is interrupted.</summary>
    public bool ConnectsInSteps { get; init; }

    /// <summary>How many connect callbacks have begun.</summary>
    public int Connects { get; private set; }

    /// <summary>What the disconnect callback was told.</summary>
    public ConcurrentQueue<(HubClient Client, IReadOnlyCollection<string> Rooms)> Disconnects { get; } = [];

    public void Add(Action work) => _schedule.Add(work);

    /// <summary>Adds a client; only within an actor, so that what is awaited belongs to the schedule.</summary>
    public HubClient Connect() => ConnectionScene.Wait(ConnectAsync(new GatedTransport(_schedule)));

    public async Task<HubClient> ConnectAsync(GatedTransport transport)
    {
        transport.Output.IsAlwaysReady = true;
        _transports.Add(transport);
        var options = new WebSocketConnectionOptions { PingInterval = TimeSpan.Zero, WriteTimeout = TimeSpan.Zero, UnreadLimit = TimeSpan.Zero };
        var connection = new WebSocketConnection(transport, options, Time);
        connection.Start();
        var client = Hub.Enter(connection, "user");
        _clients.Add(client);
        await Hub.WelcomeAsync(client, CancellationToken.None);
        return client;
    }

    /// <summary>The payloads that were sent to a client, in order.</summary>
    public List<string> Received(int client) =>
        [.. SentFrames.Read(_transports[client].Output.Sent).Where(frame => frame.Opcode == Opcode.Binary).Select(frame => Convert.ToHexString(frame.Payload))];

    /// <summary>For an actor: lets others run until clients have come, and all have gone.</summary>
    public void WaitForDepartures() =>
        Interleaver.WaitUntil(() => _clients.Count > 0 && _clients.TrueForAll(client => client.Departure is { IsCompleted: true }));

    /// <summary>Cuts all connections, in a schedule that goes on from the one that was run.</summary>
    public void EndAll()
    {
        foreach (var client in _clients)
        {
            _schedule.Add(client.Connection.Abort);
        }

        _schedule.Add(WaitForDepartures);
        _schedule.Run();
    }

    /// <summary>Rooms, members and clients tell the same.</summary>
    public void VerifyMembers()
    {
        foreach (var name in new[] { "a", "b" })
        {
            var members = Hub.Room(name).Members.ToList();
            Assert.Equal(members.Count, Hub.Room(name).Count);
            Assert.Equal(members.Count > 0, Hub.RoomNames.Contains(name));
            foreach (var client in _clients)
            {
                Assert.Equal(members.Contains(client), client.IsIn(name));
                Assert.Equal(members.Contains(client), client.Rooms.Any(room => room.Name == name));
            }
        }
    }

    public void VerifyNothingIsLeft()
    {
        Interleaver.WaitUntil(() => TimerWheel.For(Time).Count == 0);
        Assert.Equal((0, 0), (Hub.Count, Hub.User("user").Count));
        Assert.Empty(Hub.RoomNames);
        Assert.Equal(Connects, Disconnects.Count);
        Assert.Equal(Connects, Disconnects.Select(told => told.Client).Distinct().Count());
    }

    private async Task OnConnectedAsync(HubClient client, CancellationToken cancellationToken)
    {
        Connects++;
        if (ConnectsInSteps)
        {
            await client.JoinAsync("a", CancellationToken.None);
            Interleaver.Point();
            await Task.Yield();
            await client.JoinAsync("b", CancellationToken.None);
        }

        _connected++;
    }

    private Task OnDisconnectedAsync(HubClient client, HubDisconnect disconnect)
    {
        Assert.Equal(Connects, _connected);
        Assert.False(client.IsIn("a") || client.IsIn("b"));
        Disconnects.Enqueue((client, disconnect.RoomNames));
        return Task.CompletedTask;
    }
}
