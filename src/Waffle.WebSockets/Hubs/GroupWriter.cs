using System.Buffers;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.Hubs;

/// <summary>Writes to those members of a group that were idle when a broadcast was linked into their queues: on the thread pool, if they are many.</summary>
/// <remarks>
/// The broadcaster is free for its next message meanwhile, and what it sends before a member's turn has come leaves in one write with what waited: sends
/// are what a broadcast costs. Several threads share the members where there are many and cores to spare. A broadcaster who has gone too far ahead
/// helps, so that no queue grows for want of a thread.
/// </remarks>
internal sealed class GroupWriter : IThreadPoolWorkItem
{
    /// <summary>So many are written at once.</summary>
    public const int MaxWrittenAtOnce = 16;

    private const int PieceLength = 16;
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
        if (count > MaxWrittenAtOnce && Interlocked.CompareExchange(ref _isBusy, 1, 0) == 0)
        {
            Begin(idle, count);
            return;
        }

        if (count > MaxWrittenAtOnce || IsTooFarAhead(cost))
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
        for (var written = 0; written < MembersPerThread; written += PieceLength)
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

        var end = Interlocked.Add(ref _untaken, -PieceLength) + PieceLength;
        if (end <= 0)
        {
            return false;
        }

        var start = Math.Max(0, end - PieceLength);
        Write(_members.AsSpan(start, end - start));
        if (Interlocked.Add(ref _unwritten, start - end) == 0)
        {
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
