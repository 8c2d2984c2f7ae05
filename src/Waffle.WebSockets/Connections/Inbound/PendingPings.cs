using System.Buffers.Binary;

namespace Waffle.WebSockets.Connections.Inbound;

/// <summary>Our pings that wait for their pong. A pong answers its ping and all before it (RFC 6455 5.5.3).</summary>
internal sealed class PendingPings(TimeProvider time)
{
    /// <summary>A ping carries its number, so that no pong but its own, or a later one's, completes it.</summary>
    public const int PayloadLength = sizeof(ulong);

    // A later pong answers for the heartbeats that are not noted any more.
    private const int MaxNoted = 16;

    private readonly Lock _pingsLock = new();
    private readonly LinkedList<PendingPing> _pings = [];
    private int _heartbeats;
    private ulong _lastNumber;
    private long _lastRoundTrip = -1;
    private CloseInfo? _end;

    /// <summary>How long the ping that was answered last took.</summary>
    public TimeSpan? LastRoundTrip => Interlocked.Read(ref _lastRoundTrip) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>When the oldest unanswered heartbeat was sent, in the timer wheel's ticks.</summary>
    public long? OldestHeartbeat
    {
        get
        {
            lock (_pingsLock)
            {
                foreach (var ping in _pings)
                {
                    if (ping.Answer is null)
                    {
                        return ping.SentAtTick;
                    }
                }

                return null;
            }
        }
    }

    /// <summary>Notes a heartbeat's ping and writes its payload.</summary>
    public void AddHeartbeat(Span<byte> payload, long nowInTicks) => Add(payload, nowInTicks, answer: null);

    /// <summary>Notes a ping whose sender waits, and writes its payload.</summary>
    public PendingPing Add(Span<byte> payload) =>
        Add(payload, 0, new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Forgets a ping whose sender no longer waits; its late pong is then ignored.</summary>
    public void Remove(PendingPing ping)
    {
        lock (_pingsLock)
        {
            if (ping.Place.List is not null)
            {
                _pings.Remove(ping.Place);
            }
        }
    }

    /// <summary>Takes a pong; <see langword="false"/> if it answers none of our pings.</summary>
    public bool Answer(ReadOnlySpan<byte> payload)
    {
        if (payload.Length != PayloadLength)
        {
            return false;
        }

        var number = BinaryPrimitives.ReadUInt64BigEndian(payload);
        var now = time.GetTimestamp();
        lock (_pingsLock)
        {
            if (number > _lastNumber || _pings.First is null || number < _pings.First.Value.Number)
            {
                return false;
            }

            while (_pings.First is { Value: var ping } && ping.Number <= number)
            {
                var roundTrip = time.GetElapsedTime(ping.SentAt, now);
                Interlocked.Exchange(ref _lastRoundTrip, roundTrip.Ticks);
                _pings.RemoveFirst();
                _heartbeats -= ping.Answer is null ? 1 : 0;

                // Its continuations run on the thread pool.
                ping.Answer?.TrySetResult(roundTrip);
            }

            return true;
        }
    }

    /// <summary>The connection has ended: nobody answers any more.</summary>
    public void End(CloseInfo close)
    {
        lock (_pingsLock)
        {
            _end = close;
            foreach (var ping in _pings)
            {
                ping.Answer?.TrySetException(new ConnectionClosedException(close));
            }

            _pings.Clear();
        }
    }

    private PendingPing Add(Span<byte> payload, long nowInTicks, TaskCompletionSource<TimeSpan>? answer)
    {
        lock (_pingsLock)
        {
            var ping = new PendingPing(++_lastNumber, time.GetTimestamp(), nowInTicks, answer);
            BinaryPrimitives.WriteUInt64BigEndian(payload, ping.Number);
            if (_end is not null)
            {
                answer?.TrySetException(new ConnectionClosedException(_end));
            }
            else if (answer is not null || _heartbeats < MaxNoted)
            {
                _pings.AddLast(ping.Place);
                _heartbeats += answer is null ? 1 : 0;
            }

            return ping;
        }
    }
}
