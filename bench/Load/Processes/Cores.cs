using System.Globalization;

namespace Waffle.WebSockets.Bench.Load.Processes;

/// <summary>Which cores the server and the generator have: one each, as far as there are two.</summary>
internal sealed class Cores
{
    private readonly IReadOnlyList<int> _allowed;

    /// <param name="allowed">Those that this process may use.</param>
    public Cores(IReadOnlyList<int> allowed)
    {
        _allowed = allowed;
    }

    public bool ArePinned => _allowed.Count >= 2;

    public static Cores Read()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return new Cores(Parse(line.Split(':')[1]));
    }

    /// <summary>Reads a list as the kernel writes it, such as <c>0-2,5</c>.</summary>
    public static IReadOnlyList<int> Parse(string list)
    {
        var cores = new List<int>();
        foreach (var range in list.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = range.Split('-');
            var first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            var last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            cores.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return cores;
    }

    /// <summary>The command that runs a server, or the engine between two, where servers run.</summary>
    public Command PinServer(Command server) => Pin(server, _allowed.Take(1));

    /// <summary>The command that runs a generator where no server runs.</summary>
    public Command PinGenerator(Command generator) => Pin(generator, _allowed.Skip(1));

    private Command Pin(Command command, IEnumerable<int> cores) => ArePinned
        ? command with { Program = "taskset", Arguments = ["-c", string.Join(',', cores), command.Program, .. command.Arguments] }
        : command;
}
