using Waffle.WebSockets.InterleavingTests.Schedules;

namespace System.Threading;

/// <summary>
/// In place of the platform's: takes part in the schedule. Before it is taken and after it is released others may come, and who finds it taken lets
/// others run instead of holding up the thread.
/// </summary>
internal sealed class Lock
{
    private int _owner;
    private int _depth;

    public Scope EnterScope()
    {
        Enter();
        return new Scope(this);
    }

    public void Enter()
    {
        Interleaver.Point();
        var me = Environment.CurrentManagedThreadId;
        if (_owner != me)
        {
            while (Interlocked.CompareExchange(ref _owner, me, 0) != 0)
            {
                Interleaver.WaitUntil(() => Volatile.Read(ref _owner) == 0);
            }
        }

        _depth++;
    }

    public void Exit()
    {
        if (--_depth == 0)
        {
            Volatile.Write(ref _owner, 0);
        }

        Interleaver.Point();
    }

    public ref struct Scope(Lock entered)
    {
        public readonly void Dispose() => entered.Exit();
    }
}
