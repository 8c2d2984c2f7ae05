using System.Buffers;
using Waffle.WebSockets.Backplane;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>One ready frame, shared by all queues that it waits in. Rented, filled as a buffer writer, sealed, then counted down to its return.</summary>
/// <remarks>
/// The payload is written behind room for the longest header; <see cref="Seal"/> puts the header directly before it. Whoever rents holds one
/// reference; each queue that takes the frame holds another. The last <see cref="Release"/> returns the frame with its short buffer to its pool, or a
/// long buffer to that of buffers.
/// </remarks>
internal sealed class OutboundFrame : IBufferWriter<byte>, IPublishedBytes
{
    // What an entry costs beside its bytes: the slot, the object and the array's header, rounded up.
    private const int EntryCost = 64;

    // Of one that belongs to the garbage collector there is no pool.
    private readonly OutboundFramePool? _pool;
    private readonly byte[] _keptBuffer;
    private byte[] _buffer;
    private int _start;
    private int _end = FrameHeader.MaxUnmaskedLength;
    private int _references;

    /// <summary>A frame for a pool.</summary>
    /// <param name="pool">Where it is returned.</param>
    /// <param name="keptBuffer">What it keeps; if that is empty, it rents a buffer for each use.</param>
    public OutboundFrame(OutboundFramePool pool, byte[] keptBuffer)
    {
        _pool = pool;
        _buffer = _keptBuffer = keptBuffer;
    }

    private OutboundFrame(int payloadLength) => _buffer = _keptBuffer = new byte[FrameHeader.MaxUnmaskedLength + payloadLength];

    /// <summary>The frame as it goes onto the wire.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_start, _end - _start);

    /// <summary>What the frame carries, once it is sealed.</summary>
    public Opcode Opcode { get; private set; }

    /// <summary>The payload's length.</summary>
    public int PayloadLength => _end - FrameHeader.MaxUnmaskedLength;

    /// <summary>The payload that was written so far.</summary>
    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(FrameHeader.MaxUnmaskedLength, PayloadLength);

    /// <summary>What the frame counts in a queue that is bounded in bytes.</summary>
    public int Cost => _end - _start + EntryCost;

    /// <summary>An empty frame to write a payload into, of a length that is not known. The caller holds its one reference.</summary>
    public static OutboundFrame Rent() => Rent(OutboundFramePool.LongestKept - FrameHeader.MaxUnmaskedLength);

    /// <summary>An empty frame to write a payload into. The caller holds its one reference.</summary>
    /// <param name="payloadLength">How long the payload will be.</param>
    public static OutboundFrame Rent(int payloadLength)
    {
        var length = FrameHeader.MaxUnmaskedLength + payloadLength;
        var frame = OutboundFramePool.For(length).Rent();
        frame._references = 1;
        frame._end = FrameHeader.MaxUnmaskedLength;
        if (length > frame._keptBuffer.Length)
        {
            frame._buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        return frame;
    }

    /// <summary>A rented and sealed frame around a copy of <paramref name="payload"/>.</summary>
    public static OutboundFrame Rent(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var frame = Rent(payload.Length);
        frame.Write(payload);
        frame.Seal(opcode);
        return frame;
    }

    /// <summary>A sealed frame that belongs to the garbage collector: references to it need not be counted.</summary>
    public static OutboundFrame CreateShared(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var frame = new OutboundFrame(payload.Length);
        payload.CopyTo(frame._buffer.AsSpan(frame._end));
        frame.Advance(payload.Length);
        frame.Seal(opcode);
        return frame;
    }

    /// <summary>Puts the header before the payload; nothing more may be written.</summary>
    public void Seal(Opcode opcode, bool isCompressed = false)
    {
        Opcode = opcode;
        var header = new FrameHeader(IsFinal: true, isCompressed, opcode, PayloadLength, MaskingKey: null);
        _start = FrameHeader.MaxUnmaskedLength - FrameHeaderWriter.GetUnmaskedLength(PayloadLength);
        FrameHeaderWriter.Write(_buffer.AsSpan(_start), header);
    }

    /// <summary>The sealed frame in a buffer less than twice as long, for it may have to wait: this one, or another one for which it is released.</summary>
    public OutboundFrame Fit()
    {
        if (_buffer.Length < 2 * _end || _buffer.Length == OutboundFramePool.ShortestKept)
        {
            return this;
        }

        var fitting = Rent(PayloadLength);
        _buffer.AsSpan(_start, _end - _start).CopyTo(fitting._buffer.AsSpan(_start));
        (fitting._start, fitting._end, fitting.Opcode) = (_start, _end, Opcode);
        Release();
        return fitting;
    }

    public void AddReferences(int count)
    {
        if (_pool is not null)
        {
            Interlocked.Add(ref _references, count);
        }
    }

    public void Release(int count = 1)
    {
        if (_pool is not null && Interlocked.Add(ref _references, -count) == 0)
        {
            ReturnBuffer();
            _buffer = _keptBuffer;
            _pool.Return(this);
        }
    }

    void IPublishedBytes.Release() => Release();

    public void Advance(int count) => _end += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_end);
    }

    private void Reserve(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (_buffer.Length - _end >= needed)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(2 * _buffer.Length, _end + needed)));
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ReturnBuffer();
        _buffer = larger;
    }

    private void ReturnBuffer()
    {
        if (_buffer != _keptBuffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
