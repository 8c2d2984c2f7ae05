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

    /// <summary>The least of many rounds, where what an action began ends on other threads.</summary>
    /// <remarks>
    /// So it shows that an action can do without, not that it always does: what other threads give back, the pools often keep for these.
    /// </remarks>
    public static async Task<long> OfAsync(Action action, Func<Task> isOver)
    {
        var least = long.MaxValue;
        for (var round = 0; round < RoundsOnManyThreads; round++)
        {
            least = Math.Min(least, OfOne(action));
            await isOver();
        }

        return least;
    }

    private static long OfOne(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
