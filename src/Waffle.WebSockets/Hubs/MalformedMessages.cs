namespace Waffle.WebSockets.Hubs;

/// <summary>How many messages that can't be understood one client has sent of late. Safe to call from any thread.</summary>
/// <param name="time">The clock.</param>
/// <param name="most">How many there may be within <see cref="Period"/>; zero: any number.</param>
internal sealed class MalformedMessages(TimeProvider time, int most)
{
    /// <summary>What "of late" means.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock _timesLock = new();
    private readonly Queue<long> _times = new();
    private bool _isOver;

    /// <summary>Counts one more.</summary>
    /// <param name="isFirstTooMany">Whether it is the first that is too many: true once.</param>
    /// <returns><see langword="false"/>: there have been too many.</returns>
    public bool TryAdd(out bool isFirstTooMany)
    {
        isFirstTooMany = false;
        if (most == 0)
        {
            return true;
        }

        var now = time.GetTimestamp();
        lock (_timesLock)
        {
            while (_times.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= Period)
            {
                _times.Dequeue();
            }

            if (!_isOver && _times.Count < most)
            {
                _times.Enqueue(now);
                return true;
            }

            isFirstTooMany = !_isOver;
            _isOver = true;
            return false;
        }
    }
}
