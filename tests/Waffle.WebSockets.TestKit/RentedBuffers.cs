using System.Buffers;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace Waffle.WebSockets.TestKit;

/// <summary>
/// Counts the bytes that are rented from the shared pool and not yet given back, by what the pool itself reports. For tests that run alone:
/// every rent of the process is reported.
/// </summary>
/// <remarks>Only what is rented by code that was started within <see cref="Watch"/> counts, whoever gives it back.</remarks>
public sealed class RentedBuffers : EventListener
{
    private const int BufferRented = 1;
    private const int BufferReturned = 3;

    private static readonly AsyncLocal<bool> _isWatched = new();
    private static readonly int _sharedPool = ArrayPool<byte>.Shared.GetHashCode();

    private readonly Lock _buffersLock = new();

    // Its number alone is no name of a buffer: among many there are two with the same.
    private readonly HashSet<(int Number, int Length)> _buffers = [];
    private long _bytes;
    private long _most;

    /// <summary>Bytes that are held now.</summary>
    public long Bytes
    {
        get
        {
            lock (_buffersLock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>The most that was ever held at once, the moments of growth included.</summary>
    public long Most
    {
        get
        {
            lock (_buffersLock)
            {
                return _most;
            }
        }
    }

    /// <summary>Runs an action whose rents count, and those of all tasks that it starts.</summary>
    public static T Watch<T>(Func<T> action)
    {
        _isWatched.Value = true;
        try
        {
            return action();
        }
        finally
        {
            _isWatched.Value = false;
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    // The pool reports on the thread that rents or returns, before the call ends.
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventId is not (BufferRented or BufferReturned) || eventData.Payload is not { Count: >= 3 } payload || Number(2) != _sharedPool)
        {
            return;
        }

        lock (_buffersLock)
        {
            if (eventData.EventId == BufferReturned)
            {
                _bytes -= _buffers.Remove((Number(0), Number(1))) ? Number(1) : 0;
            }
            else if (_isWatched.Value && _buffers.Add((Number(0), Number(1))))
            {
                _bytes += Number(1);
                _most = Math.Max(_most, _bytes);
            }
        }

        int Number(int index) => Convert.ToInt32(payload[index], CultureInfo.InvariantCulture);
    }
}
