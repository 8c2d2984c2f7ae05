using System.Buffers;
using Microsoft.Extensions.ObjectPool;
using Waffle.WebSockets.Protocol;

namespace Waffle.WebSockets.Connections.Outbound;

/// <summary>One ready frame, shared by all queues that it waits in. Rented, filled as a buffer writer, sealed, then counted down to its return.</summary>
/// <remarks>
/// The payload is written behind room for the longest header; <see cref="Seal"/> puts the header directly before it. Whoever rents holds one
/// reference; each queue that takes the frame holds another. The last <see cref="Release"/> returns the object to its pool, and a long buffer to that
/// of buffers. A short one stays with the object: rented by one thread and given back by others, it would pile up where nobody looks for it.
/// </remarks>
internal sealed class OutboundFrame : IBufferWriter<byte>
{
    // What an entry costs beside its bytes: the slot, the object and the array's header, rounded up.
    private const int EntryCost = 64;
    private const int ShortBufferLength = 512;
    private const int FirstPayloadLength = ShortBufferLength - FrameHeader.MaxUnmaskedLength;

    private static readonly DefaultObjectPool<OutboundFrame> _pool = new(new DefaultPooledObjectPolicy<OutboundFrame>(), 1024);

    private byte[]? _shortBuffer;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _references;
    private bool _isPooled;

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

    /// <summary>An empty frame to write a payload into. The caller holds its one reference.</summary>
    /// <param name="payloadLength">How long the payload will be; by default it is not known.</param>
    public static OutboundFrame Rent(int payloadLength = FirstPayloadLength)
    {
        var frame = _pool.Get();
        frame._isPooled = true;
        frame._references = 1;
        frame._buffer = payloadLength <= FirstPayloadLength
            ? frame._shortBuffer ??= new byte[ShortBufferLength]
            : ArrayPool<byte>.Shared.Rent(FrameHeader.MaxUnmaskedLength + payloadLength);
        frame._end = FrameHeader.MaxUnmaskedLength;
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
        var frame = new OutboundFrame
        {
            _buffer = new byte[FrameHeader.MaxUnmaskedLength + payload.Length],
            _end = FrameHeader.MaxUnmaskedLength + payload.Length,
        };
        payload.CopyTo(frame._buffer.AsSpan(FrameHeader.MaxUnmaskedLength));
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

    public void AddReferences(int count)
    {
        if (_isPooled)
        {
            Interlocked.Add(ref _references, count);
        }
    }

    public void Release(int count = 1)
    {
        if (_isPooled && Interlocked.Add(ref _references, -count) == 0)
        {
            ReturnBuffer();
            _buffer = [];
            _pool.Return(this);
        }
    }

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
        if (_buffer != _shortBuffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
