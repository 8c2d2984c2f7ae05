using System.Globalization;
using Waffle.WebSockets.Bench.Load.Peers;
using Waffle.WebSockets.Bench.Load.Processes;
using Waffle.WebSockets.Bench.Load.Workloads;

namespace Waffle.WebSockets.Bench.Load;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        ./bench.sh [options]
          --quick             a first look, in about a minute: few workloads, at most 1,000 connections, few rounds
          --only A,B          only these workloads, or groups of them
          --peers A,B         only these servers, and the floor
          --rounds N          how often each is measured, in turn (5; 2 with --quick)
          --seconds S         how long each time (2; 0.8 with --quick)
          --spin              poll and never sleep, so that no send of a server has to wake the receiver
          --output FOLDER     where load.md and load.json go (bench/results)
          --list              the names of workloads and servers
        """;

    public bool Quick { get; init; }

    public bool Spin { get; init; }

    public bool List { get; init; }

    public required int Rounds { get; init; }

    public required double Seconds { get; init; }

    public string Output { get; init; } = RepositoryPaths.In("bench/results");

    /// <summary>What was typed.</summary>
    public required string Command { get; init; }

    public required IReadOnlyList<Workload> Workloads { get; init; }

    public required IReadOnlyList<Peer> Peers { get; init; }

    /// <summary>How long a load runs before it is measured.</summary>
    public double WarmUpSeconds => Quick ? 0.3 : 1;

    /// <summary>How long a server has a load before the first round, for its runtime to compile what is hot.</summary>
    /// <remarks>
    /// A handshake runs through much more code than a message, and there are fewer of them in a second: a .NET server needs some 100,000 until all of that
    /// is compiled for good, and a multiple of the time for each until then.
    /// </remarks>
    public double RehearsalSecondsFor(Workload workload, Peer peer) =>
        Quick ? 1.5 : workload.Kind == LoadKind.Connect ? Math.Max(40, peer.SecondsToCompile) : peer.SecondsToCompile;

    /// <exception cref="ArgumentException">It asks for what there is not.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var words = new ArgumentWords(
            arguments,
            flags: ["--quick", "--spin", "--list"],
            values: ["--only", "--peers", "--rounds", "--seconds", "--output"]);
        var quick = words.Has("--quick");
        var options = new BenchOptions
        {
            Command = string.Join(' ', ["./bench.sh", .. arguments]),
            Quick = quick,
            Spin = words.Has("--spin"),
            List = words.Has("--list"),
            Rounds = int.Parse(words.ValueOf("--rounds") ?? (quick ? "2" : "5"), CultureInfo.InvariantCulture),
            Seconds = double.Parse(words.ValueOf("--seconds") ?? (quick ? "0.8" : "2"), CultureInfo.InvariantCulture),
            Workloads = SelectWorkloads(quick ? WorkloadList.Quick : WorkloadList.All, words.NamesOf("--only")),
            Peers = words.NamesOf("--peers") is { Count: > 0 } names ? [.. names.Select(PeerList.Get)] : PeerList.All,
        };
        if (options.Rounds < 1 || options.Seconds <= 0)
        {
            throw new ArgumentException("Rounds and seconds must be positive.");
        }

        return words.ValueOf("--output") is { } output ? options with { Output = Path.GetFullPath(output) } : options;
    }

    private static IReadOnlyList<Workload> SelectWorkloads(IReadOnlyList<Workload> all, IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => !all.Any(workload => Is(workload, name))) is { } unknown)
        {
            var known = string.Join(", ", all.Select(workload => workload.Name));
            throw new ArgumentException($"There is no workload {unknown}. There are: {known}.");
        }

        return names.Count == 0 ? all : [.. all.Where(workload => names.Any(name => Is(workload, name)))];
    }

    private static bool Is(Workload workload, string name) => workload.Name == name || workload.Group == name;
}
