namespace Waffle.WebSockets.Connections.Timing;

/// <summary>Something that waits on a <see cref="TimerWheel"/>. The links belong to the wheel and are guarded by its lock.</summary>
internal abstract class WheelTimer
{
    internal WheelTimer? Next;
    internal WheelTimer? Previous;
    internal long Due;
    internal bool IsLinked;

    /// <summary>Called by the wheel, under no lock, one timer after another: it must not block and must not throw.</summary>
    public abstract void OnElapsed();
}
