using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.Hubs;

/// <summary>Writes to those members of a group that were idle when a broadcast was linked into their queues: on the thread pool, if they are many.</summary>
/// <remarks>
/// Sends are what a broadcast costs. So the broadcaster is free for his next message meanwhile: what he sends before a member's turn has come leaves in
/// one write with what waited, and members who were written to already wait together for the next round. Several threads share the members where there
/// are many and cores to spare. A broadcaster who has gone too far ahead helps, also with those who wait for the next round, so that no queue grows for
/// want of a thread.
/// </remarks>
/// <param name="mostAtOnce">So many are written by the broadcaster himself, at once, if no round is under way.</param>
/// <param name="pieceLength">How many a thread takes at a time at most; towards the end fewer, so that nobody is left with many.</param>
internal sealed class GroupWriter(int mostAtOnce = 16, int pieceLength = 16) : IThreadPoolWorkItem
{
    private const int MembersPerThread = 512;
    private const int MaxBytesAhead = ConnectionWriter.MaxFlushLength;
    private const int LeastBytesAhead = MaxBytesAhead / 32;

    // Guards what is not counted by Interlocked, and the ends of rounds and of threads.
    private readonly Lock _roundsLock = new();
    private MemberBatch _round;
    private MemberBatch _nextRound;
    private volatile int _threads;
    private int _untaken;
    private int _unwritten;
    private int _bytesAhead;
    private volatile bool _isBusy;

    /// <summary>Writes to members of whom the broadcaster has become the writer.</summary>
    /// <param name="idle">The members, which are taken over.</param>
    /// <param name="cost">What the message costs in a queue.</param>
    public void Write(MemberBatch idle, int cost)
    {
        if (idle.Count <= mostAtOnce && !_isBusy)
        {
            Write(idle.Members);
            idle.Return();
            return;
        }

        Interleaving.Point();
        if (idle.Count == 0)
        {
            // All of them have been written to, or are to be.
            idle.Return();
        }
        else if (!TryAdd(idle))
        {
            Write(idle.Members);
            idle.Return();
        }

        if (IsTooFarAhead(cost) || _threads == 0)
        {
            Help();
        }
    }

    /// <summary>Writes to a thread's share, and comes again for more: nothing else waits for a large group to end.</summary>
    public void Execute()
    {
        var written = 0;
        do
        {
            while (WritePiece() is > 0 and var piece)
            {
                written += piece;
                // Without memory to come again, this thread goes on.
                if (written >= MembersPerThread && TryQueue())
                {
                    return;
                }
            }
        }
        while (!TryLeave());
    }

    private bool TryAdd(MemberBatch idle)
    {
        lock (_roundsLock)
        {
            try
            {
                _nextRound.Append(idle);
            }
            catch (OutOfMemoryException)
            {
                return false;
            }

            if (!_isBusy)
            {
                BeginNextRound();
            }

            return true;
        }
    }

    // Under the lock.
    private void BeginNextRound()
    {
        _round = _nextRound;
        _nextRound = default;
        _isBusy = _round.Count > 0;
        _bytesAhead = 0;
        _unwritten = _round.Count;

        // From here on it may be taken, also by a thread that is late for the one before.
        Volatile.Write(ref _untaken, _round.Count);
        if (_isBusy)
        {
            CallThreads(Math.Clamp(_round.Count / MembersPerThread, 1, Environment.ProcessorCount));
        }
    }

    // Without memory for a call, those who come do it all; if there is none, the broadcaster.
    private void CallThreads(int wanted)
    {
        while (_threads < wanted && TryQueue())
        {
            _threads++;
        }
    }

    private bool TryQueue()
    {
        try
        {
            return ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }

    private bool TryLeave()
    {
        Interleaving.Point();
        lock (_roundsLock)
        {
            if (_untaken > 0)
            {
                return false;
            }

            _threads--;
            return true;
        }
    }

    private bool IsTooFarAhead(int cost)
    {
        if (Interlocked.Add(ref _bytesAhead, Math.Max(cost, LeastBytesAhead)) < MaxBytesAhead)
        {
            return false;
        }

        Volatile.Write(ref _bytesAhead, 0);
        return true;
    }

    // As much as is under way now, since others may add rounds without end; or all, if nobody else comes. Others may still be at the rest of it, so
    // those who wait for the next round are not left to them.
    private void Help()
    {
        for (var left = Volatile.Read(ref _unwritten); left > 0 || _threads == 0;)
        {
            var piece = WritePiece();
            if (piece == 0)
            {
                break;
            }

            left -= piece;
        }

        var next = TakeNextRound();
        Write(next.Members);
        next.Return();
    }

    private MemberBatch TakeNextRound()
    {
        lock (_roundsLock)
        {
            var next = _nextRound;
            _nextRound = default;
            return next;
        }
    }

    // How many it wrote to; none if all are taken.
    private int WritePiece()
    {
        var piece = TakePiece(out var start);
        if (piece == 0)
        {
            return 0;
        }

        Write(_round.Members.Slice(start, piece));
        Interleaving.Point();
        if (Interlocked.Add(ref _unwritten, -piece) == 0)
        {
            Interleaving.Point();
            EndRound();
        }

        return piece;
    }

    // Counted down, so that a number that is positive is of members that are there.
    private int TakePiece(out int start)
    {
        var untaken = Volatile.Read(ref _untaken);
        while (untaken > 0)
        {
            Interleaving.Point();
            var piece = Math.Clamp(untaken / (_threads + 1), 1, pieceLength);
            start = untaken - piece;
            var seen = Interlocked.CompareExchange(ref _untaken, start, untaken);
            if (seen == untaken)
            {
                return piece;
            }

            untaken = seen;
        }

        start = 0;
        return 0;
    }

    private void EndRound()
    {
        _round.Return();
        lock (_roundsLock)
        {
            BeginNextRound();
        }
    }

    private static void Write(ReadOnlySpan<WebSocketConnection> members)
    {
        foreach (var member in members)
        {
            FanOut.Settle(member, EnqueueOutcome.QueuedAndIdle);
        }
    }
}
