using System.Buffers;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>The frames that wait, first in first out, with the newest of each key. Not synchronised: the queue's lock guards it.</summary>
internal sealed class OutboundRing
{
    private const int SmallLength = 4;

    // Mostly one waits, or none. The small array is made when a second one comes, and stays; larger ones are the pool's.
    private OutboundEntry _single;
    private OutboundEntry[]? _small;
    private OutboundEntry[]? _entries;
    private long _head;
    private long _tail;
    private Dictionary<string, long>? _positions;

    /// <summary>How many frames wait.</summary>
    public int Count { get; private set; }

    /// <summary>What they cost in all.</summary>
    public long Cost { get; private set; }

    public void Add(OutboundFrame frame, string? key, bool isFinished)
    {
        if (_tail - _head == (_entries?.Length ?? 1))
        {
            Grow();
        }

        if (key is not null)
        {
            (_positions ??= new(StringComparer.Ordinal))[key] = _tail;
        }

        this[_tail++] = new OutboundEntry(frame, key, isFinished);
        Count++;
        Cost += frame.Cost;
    }

    /// <summary>Takes the oldest frame out; the caller gets its reference.</summary>
    public OutboundFrame? Take() => Take(out _);

    /// <summary>Takes the oldest frame out, and tells whether it goes out as it is; the caller gets its reference.</summary>
    public OutboundFrame? Take(out bool isFinished)
    {
        while (_head < _tail)
        {
            var entry = this[_head];
            this[_head++] = default;
            if (entry.Frame is { } frame)
            {
                Forget(entry, frame);
                isFinished = entry.IsFinished;
                return frame;
            }
        }

        isFinished = false;
        return null;
    }

    /// <summary>The frame with this key, if one waits.</summary>
    public OutboundFrame? Find(string key) =>
        _positions is not null && _positions.TryGetValue(key, out var position) ? this[position].Frame : null;

    /// <summary>Takes the frame with this key out, if one waits; the caller gets its reference.</summary>
    public OutboundFrame? Take(string key)
    {
        if (_positions is null || !_positions.TryGetValue(key, out var position))
        {
            return null;
        }

        var entry = this[position];
        this[position] = default;
        Forget(entry, entry.Frame!);
        return entry.Frame;
    }

    private ref OutboundEntry this[long position]
    {
        get
        {
            if (_entries is null)
            {
                return ref _single;
            }

            return ref _entries[position & (_entries.Length - 1)];
        }
    }

    private void Forget(in OutboundEntry entry, OutboundFrame frame)
    {
        if (entry.Key is not null)
        {
            _positions!.Remove(entry.Key);
        }

        Cost -= frame.Cost;
        if (--Count == 0)
        {
            Shrink();
        }
    }

    // Vacated places are squeezed out; the array grows only if all places are in use.
    private void Grow()
    {
        if (_entries is null)
        {
            _small = new OutboundEntry[SmallLength];
            _small[_head & (SmallLength - 1)] = _single;
            (_entries, _single) = (_small, default);
        }
        else if (Count > _entries.Length / 2)
        {
            var (old, larger) = (_entries, Rent(_entries.Length * 2));
            Squeeze(old, larger);
            _entries = larger;
            Release(old);
        }
        else
        {
            Squeeze(_entries, _entries);
        }
    }

    private void Squeeze(OutboundEntry[] from, OutboundEntry[] to)
    {
        var next = _head;
        for (var position = _head; position < _tail; position++)
        {
            var entry = from[position & (from.Length - 1)];
            if (entry.Frame is null)
            {
                continue;
            }

            to[next & (to.Length - 1)] = entry;
            if (entry.Key is not null)
            {
                _positions![entry.Key] = next;
            }

            next++;
        }

        if (from == to)
        {
            for (var position = next; position < _tail; position++)
            {
                to[position & (to.Length - 1)] = default;
            }
        }

        _tail = next;
    }

    private void Shrink()
    {
        _head = _tail = 0;
        if (_entries != _small)
        {
            Release(_entries!);
            _entries = _small;
        }
    }

    // The pool's arrays are powers of two, as the index arithmetic needs.
    private static OutboundEntry[] Rent(int length)
    {
        var entries = ArrayPool<OutboundEntry>.Shared.Rent(length);
        Array.Clear(entries);
        return entries;
    }

    private void Release(OutboundEntry[] entries)
    {
        Array.Clear(entries);
        if (entries != _small)
        {
            ArrayPool<OutboundEntry>.Shared.Return(entries);
        }
    }
}
