using System.Globalization;

namespace Waffle.WebSockets.Bench.Load.Generator.Native;

/// <summary>What of a process is in memory, by its own pages; the kernel's buffers for its sockets are not among them.</summary>
internal static class ResidentMemory
{
    public static long ReadBytes(int process) => Parse(File.ReadAllText($"/proc/{process}/smaps_rollup"));

    /// <summary>Finds the line of the resident set in such a file.</summary>
    public static long Parse(string rollup)
    {
        var line = rollup.Split('\n').First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
