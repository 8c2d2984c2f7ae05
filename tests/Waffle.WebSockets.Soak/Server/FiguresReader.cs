using System.Diagnostics;
using Waffle.WebSockets.Connections.Timing;

namespace Waffle.WebSockets.Soak.Server;

/// <summary>Looks at the process.</summary>
internal sealed class FiguresReader(WebSocketHub hub, Broadcaster broadcaster, EndCounts ends, FaultWatch faults)
{
    private const string DescriptorFolder = "/proc/self/fd";

    public Figures Read()
    {
        CollectGarbage();
        using var process = Process.GetCurrentProcess();
        var roomNames = hub.RoomNames;
        return new Figures
        {
            HeapBytes = GC.GetTotalMemory(forceFullCollection: false),
            CommittedBytes = GC.GetGCMemoryInfo(GCKind.FullBlocking).TotalCommittedBytes,
            ProcessBytes = process.WorkingSet64,
            ProcessorSeconds = process.TotalProcessorTime.TotalSeconds,
            Descriptors = CountDescriptors(),
            Threads = process.Threads.Count,
            Timers = TimerWheel.For(TimeProvider.System).Count,
            Members = hub.Count,
            Rooms = roomNames.Count,
            RoomMembers = roomNames.Sum(name => hub.Room(name).Count),
            Broadcasts = broadcaster.Broadcasts,
            Deliveries = broadcaster.Deliveries,
            Lost = broadcaster.Lost,
            Ends = ends.Read(),
            Faults = faults.Counts,
            FaultTexts = faults.Texts,
        };
    }

    // Assemblies are opened at their first use, and stay.
    private static int CountDescriptors() => !Directory.Exists(DescriptorFolder)
        ? 0
        : Directory.GetFiles(DescriptorFolder)
            .Count(static file => new FileInfo(file).LinkTarget?.EndsWith(".dll", StringComparison.Ordinal) == false);

    // Twice, because finalizers let go of objects, and exceptions of tasks are told by finalizers.
    private static void CollectGarbage()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }
}
