namespace Waffle.WebSockets.Testing.Network;

/// <summary>When each byte of a path may arrive. Not synchronised: the path's lock guards it.</summary>
internal sealed class Departures(TimeProvider time)
{
    private readonly Queue<(long End, long Due)> _sent = new();
    private long _written;
    private long _due;
    private long _arrived;

    /// <summary>How long what is sent from now on is under way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>So many bytes are sent now; the end of the stream counts as one.</summary>
    public void Add(long bytes)
    {
        _written += bytes;
        _sent.Enqueue((_written, time.GetTimestamp() + (long)(Delay.TotalSeconds * time.TimestampFrequency)));
    }

    /// <summary>How many bytes may arrive now.</summary>
    public long CountDue()
    {
        var now = time.GetTimestamp();
        while (_sent.TryPeek(out var sent) && sent.Due <= now)
        {
            _due = sent.End;
            _sent.Dequeue();
        }

        return _due - _arrived;
    }

    /// <summary>So many bytes have arrived.</summary>
    public void Remove(long bytes) => _arrived += bytes;

    /// <summary>
    /// How long until the next bytes may arrive, in whole milliseconds as timers count them; <see langword="null"/>: nothing is under way.
    /// </summary>
    public TimeSpan? UntilNext() => _sent.TryPeek(out var sent)
        ? TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(time.GetElapsedTime(time.GetTimestamp(), sent.Due).TotalMilliseconds)))
        : null;
}
