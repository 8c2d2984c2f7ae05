using System.Text.Json.Serialization;
using Waffle.WebSockets.Bench.Load.Generator.Payloads;
using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Workloads;

/// <summary>What servers are given to do.</summary>
internal sealed record Workload
{
    /// <summary>On the command line: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>In tables, below the group's.</summary>
    public required string Title { get; init; }

    /// <summary>What it shares a table with.</summary>
    public required string Group { get; init; }

    public required LoadKind Kind { get; init; }

    public required int Connections { get; init; }

    /// <summary>Fan-out: how many rooms the connections are spread over, evenly.</summary>
    public int Rooms { get; init; } = 1;

    /// <summary>Fan-out: how many publications are under way; the next is sent once the oldest has reached all.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Echo: how many messages are under way on each connection.</summary>
    public int Depth { get; init; } = 1;

    public int PayloadLength { get; init; } = 100;

    /// <summary>Whether payloads compress as JSON does, and do not repeat the alphabet.</summary>
    public bool LikeJson { get; init; }

    /// <summary>Whether the clients offer permessage-deflate.</summary>
    public bool Deflate { get; init; }

    /// <summary>Fan-out: the part of the connections that read nothing.</summary>
    public double StalledPart { get; init; }

    /// <summary>Fan-out, of servers that are two: how many of the connections, the first ones, are on the first of them. Null: all.</summary>
    public int? OnFirstServer { get; init; }

    /// <summary>Fan-out: connections beside the others, on the second server if there are two, in a room that nobody publishes to.</summary>
    public int Strangers { get; init; }

    /// <summary>Memory: the numbers of connections to look at; the last is <see cref="Connections"/>.</summary>
    public IReadOnlyList<int> Steps { get; init; } = [];

    /// <summary>Memory: whether to look once more after a message went to all.</summary>
    public bool BroadcastAtEnd { get; init; }

    /// <summary>What is counted, in the singular.</summary>
    [JsonIgnore]
    public string Unit => Kind switch
    {
        LoadKind.FanOut => "delivery",
        LoadKind.Echo => "message",
        LoadKind.Connect => "handshake",
        _ => "connection",
    };

    [JsonIgnore]
    public int AllConnections => Connections + Strangers;

    /// <summary>Fan-out: how many deliveries a message has.</summary>
    [JsonIgnore]
    public double DeliveriesPerMessage => (double)(Connections - StalledConnections) / Rooms;

    [JsonIgnore]
    public int StalledConnections => (int)(Connections * StalledPart);

    /// <summary>What the connection at a place is for.</summary>
    public Conversation ConversationOf(int connection) => Kind switch
    {
        LoadKind.Echo => Conversation.Echo(PayloadLength),
        LoadKind.Connect => Conversation.Idle(),
        _ when IsStranger(connection) => Conversation.InRoom("strangers", PayloadLength, Deflate),
        _ => Conversation.InRoom($"r{RoomOf(connection)}", PayloadLength, Deflate),
    };

    /// <summary>Neighbours are in different rooms, and the first connection of each room comes first of all.</summary>
    public int RoomOf(int connection) => connection % Rooms;

    /// <summary>Which of two servers a connection goes to, 0 or 1.</summary>
    public int ServerOf(int connection) => IsStranger(connection) || connection >= OnFirstServer ? 1 : 0;

    /// <summary>Whether it is in a room that nobody publishes to.</summary>
    public bool IsStranger(int connection) => Kind == LoadKind.FanOut && connection >= Connections;

    /// <summary>The same with at most so many connections.</summary>
    public Workload LimitTo(int connections) => this with
    {
        Connections = Math.Min(Connections, connections - Strangers),
        Steps = [.. Steps.Select(step => Math.Min(step, connections)).Distinct()],
    };

    public Payload CreatePayload() => new(PayloadLength, LikeJson);
}
