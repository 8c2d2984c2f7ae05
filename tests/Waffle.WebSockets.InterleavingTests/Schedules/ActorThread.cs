using System.Collections.Concurrent;

namespace Waffle.WebSockets.InterleavingTests.Schedules;

/// <summary>Threads for actors, kept for the schedules to come.</summary>
internal sealed class ActorThread
{
    private static readonly ConcurrentStack<ActorThread> _idle = [];

    private readonly Signal _hasWork = new();
    private Action? _work;

    private ActorThread() => new Thread(Run) { IsBackground = true, Name = "actor" }.Start();

    public static void Start(Action work)
    {
        if (!_idle.TryPop(out var thread))
        {
            thread = new ActorThread();
        }

        thread._work = work;
        thread._hasWork.Set();
    }

    private void Run()
    {
        while (true)
        {
            _hasWork.Wait();
            _work!();
            _idle.Push(this);
        }
    }
}
