using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load;

/// <summary>How many runs there are, and about how long they take.</summary>
internal sealed class Schedule
{
    private const int MostRoundsForMemory = 3;
    private const int QuickRoundsForMemory = 1;

    // What a run takes beside its load: the server's start, the generator's, and opening connections.
    private const double SecondsForServer = 1.5;
    private const double SecondsForGenerator = 0.5;
    private const double SecondsForConnection = 0.0003;

    public Schedule(BenchOptions options, IReadOnlyList<Workload> workloads, IReadOnlyList<Peer> peers)
    {
        foreach (var (workload, peer) in workloads.SelectMany(workload => peers.Select(peer => (workload, peer))))
        {
            var rounds = RoundsFor(options, workload, peer);
            Runs += rounds;
            Seconds += Enumerable.Range(0, rounds).Sum(round => SecondsFor(options, workload, peer, round));
        }
    }

    public int Runs { get; }

    public double Seconds { get; }

    /// <summary>How often a server is measured at a workload; 0: not at all.</summary>
    public static int RoundsFor(BenchOptions options, Workload workload, Peer peer)
    {
        if (workload.Group == Groups.TwoServers ? !PeerList.OfTwoServers.Contains(peer) : peer.Engine is not null)
        {
            return 0;
        }

        // Each look at memory takes a process of its own, and scatters little.
        var all = workload.Kind == LoadKind.Memory
            ? Math.Min(options.Rounds, options.Quick ? QuickRoundsForMemory : MostRoundsForMemory)
            : options.Rounds;
        if (peer == PeerList.Floor || peer == PeerList.Waffle)
        {
            return all;
        }

        var isFirst = workload.Name == options.Workloads[0].Name;
        return (workload.Group, options.Quick) switch
        {
            (Groups.Growth, _) => 0,
            (_, false) => all,
            (_, true) => isFirst ? 1 : 0,
        };
    }

    /// <summary>Into how many parts the load before the first round is cut.</summary>
    /// <remarks>
    /// A runtime compiles what is called often, in several steps, and opening a thousand connections brings it one further: after one rehearsal, the two
    /// servers of a pair were seen to compile through the first two rounds.
    /// </remarks>
    public static int RehearsalsOf(Workload workload) => workload.Group == Groups.TwoServers ? 4 : 1;

    private static double SecondsFor(BenchOptions options, Workload workload, Peer peer, int round)
    {
        if (workload.Kind == LoadKind.Memory)
        {
            var looks = 1 + workload.Steps.Count + (workload.BroadcastAtEnd ? 1 : 0);
            return SecondsForServer + SecondsToOpen(workload) + (looks * options.Seconds);
        }

        var rehearsal = round == 0
            ? (SecondsForServer * peer.Servers) + (RehearsalsOf(workload) * SecondsToOpen(workload)) + options.RehearsalSecondsFor(workload, peer)
            : 0;
        return rehearsal + SecondsToOpen(workload) + options.WarmUpSeconds + options.Seconds;
    }

    private static double SecondsToOpen(Workload workload) => SecondsForGenerator + (workload.AllConnections * SecondsForConnection);
}
