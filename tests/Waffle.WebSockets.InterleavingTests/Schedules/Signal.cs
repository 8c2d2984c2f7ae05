namespace Waffle.WebSockets.InterleavingTests.Schedules;

/// <summary>One thread waits for it, another sets it. The wait begins with some spinning: mostly it is short.</summary>
internal sealed class Signal
{
    private const int SpinsBeforeSleep = 20;
    private const int SpinLength = 20;

    private readonly object _monitor = new();
    private bool _isSet;

    public void Set()
    {
        lock (_monitor)
        {
            Volatile.Write(ref _isSet, true);
            Monitor.Pulse(_monitor);
        }
    }

    /// <summary>Waits, and takes the signal back.</summary>
    public void Wait()
    {
        for (var i = 0; i < SpinsBeforeSleep && !Volatile.Read(ref _isSet); i++)
        {
            Thread.SpinWait(SpinLength);
        }

        lock (_monitor)
        {
            while (!_isSet)
            {
                Monitor.Wait(_monitor);
            }

            _isSet = false;
        }
    }
}
