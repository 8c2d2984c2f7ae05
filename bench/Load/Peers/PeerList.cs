namespace Waffle.WebSockets.Bench.Load.Peers;

/// <summary>The servers that can be measured, in the order of the tables.</summary>
internal static class PeerList
{
    /// <summary>The one that all ratios are to.</summary>
    public static readonly Peer Floor = new FloorPeer();

    public static readonly Peer Waffle = new WafflePeer();

    public static readonly IReadOnlyList<Peer> All =
    [
        Floor,
        Waffle,
        new SystemNetPeer(),
        SignalRPeer.Json(),
        SignalRPeer.MessagePack(),
        new UWebSocketsPeer(),
        new NodeWsPeer(),
        new SocketIoPeer(),
        GoPeer.Gorilla(),
        GoPeer.Original(),
        new FleckPeer(),
    ];

    public static Peer Get(string name) =>
        All.FirstOrDefault(peer => peer.Name == name)
        ?? throw new ArgumentException($"There is no peer {name}. There are: {string.Join(", ", All.Select(peer => peer.Name))}.");
}
