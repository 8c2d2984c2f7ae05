using System.Buffers;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.Hubs;

/// <summary>Writes to those members of a group that were idle when a broadcast was linked into their queues: on the thread pool, if they are many.</summary>
/// <remarks>
/// The broadcaster is free for its next message meanwhile, and what it sends before a member's turn has come leaves in one write with what waited: sends
/// are what a broadcast costs. Several threads share the members where there are many and cores to spare. A broadcaster who has gone too far ahead
/// helps, so that no queue grows for want of a thread.
/// </remarks>
/// <param name="mostAtOnce">So many are written by the broadcaster himself, at once.</param>
/// <param name="pieceLength">How many a thread takes at a time.</param>
internal sealed class GroupWriter(int mostAtOnce = 16, int pieceLength = 16) : IThreadPoolWorkItem
{
    private const int MembersPerThread = 512;
    private const int MaxBytesAhead = ConnectionWriter.MaxFlushLength;
    private const int LeastBytesAhead = MaxBytesAhead / 32;

    private WebSocketConnection[] _members = [];
    private int _count;
    private int _untaken;
    private int _unwritten;
    private int _bytesAhead;
    private int _isBusy;

    /// <summary>Writes to members of whom the broadcaster has become the writer.</summary>
    /// <param name="idle">The members in a rented array, which is taken over.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="cost">What the message costs in a queue.</param>
    public void Write(WebSocketConnection[] idle, int count, int cost)
    {
        if (count > mostAtOnce && Interlocked.CompareExchange(ref _isBusy, 1, 0) == 0)
        {
            Begin(idle, count);
            return;
        }

        if (count > mostAtOnce || IsTooFarAhead(cost))
        {
            while (WritePiece())
            {
            }
        }

        Write(idle.AsSpan(0, count));
        Return(idle, count);
    }

    /// <summary>Writes to a thread's share, and comes again for more: nothing else waits for a large group to end.</summary>
    public void Execute()
    {
        for (var written = 0; written < MembersPerThread; written += pieceLength)
        {
            if (!WritePiece())
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Begin(WebSocketConnection[] idle, int count)
    {
        Interleaving.Point();
        _members = idle;
        _count = _unwritten = count;
        _bytesAhead = 0;

        // From here on it may be taken, also by a thread that is late for the one before.
        Volatile.Write(ref _untaken, count);
        var threads = Math.Clamp(count / MembersPerThread, 1, Environment.ProcessorCount);
        for (var i = 0; i < threads; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private bool IsTooFarAhead(int cost)
    {
        if (Volatile.Read(ref _isBusy) == 0 || Interlocked.Add(ref _bytesAhead, Math.Max(cost, LeastBytesAhead)) < MaxBytesAhead)
        {
            return false;
        }

        Volatile.Write(ref _bytesAhead, 0);
        return true;
    }

    // Counted down, so that a number that is positive is of members that are there.
    private bool WritePiece()
    {
        if (Volatile.Read(ref _untaken) <= 0)
        {
            return false;
        }

        Interleaving.Point();
        var end = Interlocked.Add(ref _untaken, -pieceLength) + pieceLength;
        if (end <= 0)
        {
            return false;
        }

        var start = Math.Max(0, end - pieceLength);
        Write(_members.AsSpan(start, end - start));
        Interleaving.Point();
        if (Interlocked.Add(ref _unwritten, start - end) == 0)
        {
            Interleaving.Point();
            Return(_members, _count);
            _members = [];
            Volatile.Write(ref _isBusy, 0);
        }

        return true;
    }

    private static void Write(ReadOnlySpan<WebSocketConnection> members)
    {
        foreach (var member in members)
        {
            FanOut.Settle(member, EnqueueOutcome.QueuedAndIdle);
        }
    }

    private static void Return(WebSocketConnection[] members, int count)
    {
        members.AsSpan(0, count).Clear();
        ArrayPool<WebSocketConnection>.Shared.Return(members);
    }
}
