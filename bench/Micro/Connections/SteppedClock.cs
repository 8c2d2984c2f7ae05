namespace Waffle.WebSockets.Bench.Micro.Connections;

/// <summary>A clock with one timer, which elapses when it is told to.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private Action? _elapse;

    public void Step() => _elapse?.Invoke();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _elapse = () => callback(state);
        return new StoppableTimer(this);
    }

    private sealed class StoppableTimer(SteppedClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => clock._elapse = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
