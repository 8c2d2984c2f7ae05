namespace Waffle.WebSockets.Backplane;

/// <summary>Says when to log something that may come often: at most once a minute. Safe to use from any thread.</summary>
internal sealed class RareEvent(TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);

    private readonly Lock _countLock = new();
    private long? _last;
    private int _count;

    /// <summary>It has happened.</summary>
    /// <param name="count">How often since it was logged last.</param>
    public bool IsDue(out int count)
    {
        lock (_countLock)
        {
            count = ++_count;
            if (_last is { } last && time.GetElapsedTime(last) < _pause)
            {
                return false;
            }

            (_last, _count) = (time.GetTimestamp(), 0);
            return true;
        }
    }
}
