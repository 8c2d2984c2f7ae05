using System.Diagnostics;
using System.Reflection;

namespace Waffle.WebSockets.Tests.Protocol;

/// <summary>Counts what an action allocates on this thread.</summary>
internal static class Allocation
{
    private const int Rounds = 5;
    private const int RoundsOnManyThreads = 50;

    /// <summary>Whether the library was built without optimisation, so that it allocates where it need not.</summary>
    public static bool IsDebugBuild { get; } =
        typeof(WebSocketConnection).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };

    /// <summary>The least of several rounds after a warm-up: a pool that was trimmed in between has to allocate anew.</summary>
    public static long Of(Action action)
    {
        action();
        action();
        return Enumerable.Range(0, Rounds).Min(_ => OfOne(action));
    }

    /// <summary>What most rounds of an action allocate on the thread that takes it, where what it began ends on other threads.</summary>
    /// <remarks>Not every round: a thread pool's queue has to grow now and then, and what the round before gave back may come a moment late.</remarks>
    public static async Task<long> OfMostAsync(Action action, Func<Task> isOver)
    {
        var allocated = new List<long>();
        for (var round = 0; round < RoundsOnManyThreads; round++)
        {
            allocated.Add(OfOne(action));
            await isOver();
        }

        allocated.Sort();
        return allocated[RoundsOnManyThreads / 2];
    }

    private static long OfOne(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
