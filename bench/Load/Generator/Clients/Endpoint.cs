using Waffle.WebSockets.Bench.Load.Peers;

namespace Waffle.WebSockets.Bench.Load.Generator.Clients;

/// <summary>Where a run's connections go.</summary>
/// <param name="peer">The server.</param>
/// <param name="portOf">The port that each connection goes to.</param>
/// <param name="conversationOf">What each connection is for.</param>
/// <param name="changesSource">
/// Whether each new connection takes another address of this machine: a closed one keeps its port for a minute, and an address has
/// about 28,000.
/// </param>
internal sealed class Endpoint(Peer peer, Func<Client, int> portOf, Func<Client, Conversation> conversationOf, bool changesSource)
{
    private const int Sources = 200;
    private const int ConnectionsPerSource = 20_000;

    private int _next;

    public Peer Peer => peer;

    public Func<Client, Conversation> ConversationOf => conversationOf;

    public int PortOf(Client client) => portOf(client);

    public string PathOf(Client client) => peer.PathFor(conversationOf(client));

    /// <summary>The source address of a new connection, as <see cref="Native.ClientSocket.Connect"/> counts them.</summary>
    public int NextSource(Client client) => changesSource ? _next++ % Sources : client.Number / ConnectionsPerSource;
}
