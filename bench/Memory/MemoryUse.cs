using System.Globalization;

namespace Waffle.WebSockets.Bench.Memory;

/// <summary>A process's memory in bytes.</summary>
/// <param name="Resident">What is resident and backed by no file: the managed heap, native memory and stacks.</param>
/// <param name="Managed">The objects that are alive.</param>
internal sealed record MemoryUse(double Resident, double Managed)
{
    /// <summary>Looks at this process, after everything that can be collected is.</summary>
    public static MemoryUse Look()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        var resident = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        var kibibytes = double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return new MemoryUse(kibibytes * 1024, GC.GetTotalMemory(forceFullCollection: true));
    }

    public MemoryUse PerConnection(MemoryUse before, int connections) =>
        new((Resident - before.Resident) / connections, (Managed - before.Managed) / connections);
}
