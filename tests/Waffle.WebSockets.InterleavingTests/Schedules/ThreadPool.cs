using Waffle.WebSockets.InterleavingTests.Schedules;

namespace System.Threading;

/// <summary>In place of the platform's: what an actor gives to it is an actor of the same schedule.</summary>
internal static class ThreadPool
{
    public static bool UnsafeQueueUserWorkItem(IThreadPoolWorkItem callBack, bool preferLocal)
    {
        _ = preferLocal;
        if (!Interleaver.TryAdd(callBack.Execute))
        {
            _ = Task.Run(callBack.Execute);
        }

        return true;
    }
}
