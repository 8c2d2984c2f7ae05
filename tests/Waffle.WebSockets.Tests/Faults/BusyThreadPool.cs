namespace Waffle.WebSockets.Tests.Faults;

/// <summary>As long as it lives no thread of the pool does anything else; work that was queued before has been begun.</summary>
internal sealed class BusyThreadPool : IDisposable
{
    private readonly ManualResetEventSlim _end = new();
    private readonly CountdownEvent _left;
    private int _begun;

    /// <param name="items">How many pieces of work wait for its end: more than the pool can get threads for meanwhile.</param>
    public BusyThreadPool(int items)
    {
        _left = new CountdownEvent(items);
        for (var i = 0; i < items; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => Occupy(), null);
        }

        SpinWait.SpinUntil(() => items == 0 || Volatile.Read(ref _begun) > 0);
    }

    public void Dispose()
    {
        _end.Set();
        _left.Wait();
        _left.Dispose();
        _end.Dispose();
    }

    private void Occupy()
    {
        Interlocked.Increment(ref _begun);
        _end.Wait();
        _left.Signal();
    }
}
