namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>The servers that can be measured, in the order of the tables.</summary>
internal static class PeerList
{
    /// <summary>The one that all ratios are to.</summary>
    public static readonly Peer Floor = new FloorPeer();

    public static readonly Peer Waffle = new WafflePeer();

    private static readonly Peer _signalRJson = SignalRPeer.Json();

    private static readonly Peer _signalRMessagePack = SignalRPeer.MessagePack();

    public static readonly IReadOnlyList<Peer> All =
    [
        Floor,
        Waffle,
        new SystemNetPeer(),
        _signalRJson,
        _signalRMessagePack,
        new UWebSocketsPeer(),
        new NodeWsPeer(),
        new SocketIoPeer(),
        GoPeer.Gorilla(),
        GoPeer.Original(),
        new FleckPeer(),
        new ClusterPeer(Waffle, Engine.Redis, "AddRedisBackplane"),
        new ClusterPeer(Waffle, Engine.Nats, "AddNatsBackplane"),
        SignalRWithRedis(_signalRJson, "json"),
        SignalRWithRedis(_signalRMessagePack, "messagepack"),
    ];

    /// <summary>Those that can be two servers, the same ones alone, and the floor.</summary>
    public static readonly IReadOnlyList<Peer> OfTwoServers =
    [
        Floor,
        .. All.OfType<ClusterPeer>().SelectMany(cluster => new[] { cluster.Alone, cluster }).Distinct(),
    ];

    public static Peer Get(string name) =>
        All.FirstOrDefault(peer => peer.Name == name)
        ?? throw new ArgumentException($"There is no peer {name}. There are: {string.Join(", ", All.Select(peer => peer.Name))}.");

    // What a server publishes it encodes once for each protocol that it has: here for the one that clients use.
    private static ClusterPeer SignalRWithRedis(Peer alone, string protocol) =>
        new(alone, Engine.Redis, "AddStackExchangeRedis; only the protocol that is used", "--protocol", protocol);
}
