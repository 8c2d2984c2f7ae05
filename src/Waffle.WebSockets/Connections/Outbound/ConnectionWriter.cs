using System.Runtime.CompilerServices;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>What the writer tells its connection. Called under no lock.</summary>
internal interface IWriterOwner
{
    /// <summary>The transport takes no more for now; until <see cref="OnWriteResumed"/> a deadline runs.</summary>
    void OnWriteStalled();

    void OnWriteResumed();

    /// <summary>Our Close, and all before it, was handed to the transport. The writer is done.</summary>
    void OnCloseWritten();

    /// <summary>The transport takes nothing any more. The writer is done.</summary>
    void OnWriteFailed(Exception? error);
}

/// <summary>Writes what waits in the queue, on the thread of whoever became the writer, as much as there is in one flush.</summary>
/// <remarks>Only one thread at a time runs it, which the queue sees to. A pending flush is continued by a callback, not by a task.</remarks>
internal sealed class ConnectionWriter : IThreadPoolWorkItem
{
    /// <summary>One flush takes at most this much, so that no more than this lies in the transport beyond its own limit.</summary>
    public const int MaxFlushLength = 64 * 1024;

    // After so many flushes a sender who became the writer hands the rest to the thread pool: a broadcast never waits for one client.
    private const int MaxFlushesPerCall = 4;

    private readonly OutboundQueue _queue;
    private readonly IOutput _output;
    private readonly IWriterOwner _owner;
    private readonly ConnectionCompression? _compression;
    private readonly Action _continue;
    private ValueTaskAwaiter<bool> _pendingFlush;
    private OutboundFrame? _frame;
    private int _written;
    private bool _frameIsClose;
    private bool _tookClose;
    private long _messageCount;
    private long _byteCount;

    public ConnectionWriter(OutboundQueue queue, IOutput output, IWriterOwner owner, ConnectionCompression? compression = null)
    {
        _compression = compression;
        _queue = queue;
        _output = output;
        _owner = owner;
        _continue = ContinueAfterFlush;
    }

    /// <summary>Whole messages that were handed to the output.</summary>
    public long MessageCount => Volatile.Read(ref _messageCount);

    /// <summary>Bytes of frames that were handed to the output.</summary>
    public long ByteCount => Volatile.Read(ref _byteCount);

    /// <summary>Writes until the queue is empty or the transport is full. Only for whom the queue made the writer.</summary>
    public void Run()
    {
        try
        {
            for (var flushes = 0; flushes < MaxFlushesPerCall; flushes++)
            {
                if (!AppendBatch(out var isOver))
                {
                    if (isOver)
                    {
                        _owner.OnWriteFailed(null);
                    }

                    return;
                }

                // One awaiter, asked once: here if it is done, else in the callback.
#pragma warning disable CA2012
                var flush = _output.FlushAsync().GetAwaiter();
#pragma warning restore CA2012
                if (!flush.IsCompleted)
                {
                    _pendingFlush = flush;
                    _owner.OnWriteStalled();
                    flush.UnsafeOnCompleted(_continue);
                    return;
                }

                if (!AfterFlush(flush.GetResult()))
                {
                    return;
                }
            }

            _queue.OnFlushed(isFrameUnderWay: _frame is not null);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    public void Execute() => Run();

    // Appends frames up to a flush's length; a longer frame goes out over several flushes.
    private bool AppendBatch(out bool isOver)
    {
        isOver = false;
        var length = 0;
        var isMoreWaiting = true;
        while (length < MaxFlushLength && !_tookClose)
        {
            if (_frame is null)
            {
                if (!isMoreWaiting)
                {
                    break;
                }

                var next = _queue.TakeNext(hasFlushedAll: length == 0);
                if (next.Frame is null)
                {
                    // The role may be another thread's already: no field may be touched from now on.
                    isOver = next.IsLast;
                    return length > 0;
                }

                isMoreWaiting = next.IsMoreWaiting;
                (_frame, _written, _frameIsClose) = (next.IsFinished ? next.Frame : Compress(next.Frame), 0, next.IsLast);
            }

            var rest = _frame.Bytes.Span[_written..];
            var piece = rest[..Math.Min(rest.Length, MaxFlushLength - length)];
            _output.Append(piece);
            length += piece.Length;
            _written += piece.Length;
            if (piece.Length == rest.Length)
            {
                CountFrame(_frame);
                _tookClose = _frameIsClose;
                ReleaseFrame();
            }
        }

        return length > 0;
    }

    // With a context that is kept, what is compressed must go out, in the order in which it was compressed: so it is done here.
    private OutboundFrame Compress(OutboundFrame frame)
    {
        if (_compression is null || _compression.IsShared)
        {
            return frame;
        }

        try
        {
            return _compression.CompressNext(frame);
        }
        finally
        {
            frame.Release();
        }
    }

    private void ContinueAfterFlush()
    {
        try
        {
            var mayGoOn = _pendingFlush.GetResult();
            _pendingFlush = default;
            _owner.OnWriteResumed();
            if (!AfterFlush(mayGoOn))
            {
                return;
            }
        }
        catch (Exception error)
        {
            Fail(error);
            return;
        }

        Run();
    }

    private bool AfterFlush(bool mayGoOn)
    {
        if (!mayGoOn)
        {
            Fail(null);
            return false;
        }

        // The next TakeNext tells the queue; here only where none follows at once.
        if (_frame is not null || _tookClose)
        {
            _queue.OnFlushed(isFrameUnderWay: _frame is not null);
        }

        if (_tookClose && _frame is null)
        {
            _owner.OnCloseWritten();
            return false;
        }

        return true;
    }

    private void Fail(Exception? error)
    {
        ReleaseFrame();
        try
        {
            _owner.OnWriteFailed(error);
        }
        catch (Exception)
        {
            // No memory even for the end. What is left of it the read loop and the deadlines find; this may be a thread of the pool's.
        }
    }

    // Only one thread at a time is the writer; others look.
    private void CountFrame(OutboundFrame frame)
    {
        Volatile.Write(ref _byteCount, _byteCount + frame.Bytes.Length);
        if (!frame.Opcode.IsControl())
        {
            Volatile.Write(ref _messageCount, _messageCount + 1);
        }
    }

    private void ReleaseFrame()
    {
        _frame?.Release();
        _frame = null;
    }
}
