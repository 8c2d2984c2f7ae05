using System.Buffers;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Protocol;

/// <summary>Joins the fragments of a message (RFC 6455 5.4) into one buffer, unmasked, within limits, text checked as it comes.</summary>
/// <remarks>Owns its buffer until <see cref="Take"/> hands it on. Holds none between messages.</remarks>
internal sealed class MessageAssembler(MessageLimits limits)
{
    // What is rented before that much has come, whatever a header announces.
    private const int FirstBufferLength = 4096;

    private byte[] _buffer = [];
    private int _length;
    private int _fragments;
    private bool _isText;
    private bool _isCompressed;
    private FrameHeader _frame;
    private long _frameRemaining;
    private Utf8Validator _utf8;
    private volatile int _maxSize = limits.MaxSize;

    /// <summary>The size that the next frame is held against. May be changed by any thread while frames come.</summary>
    public int MaxSize
    {
        get => _maxSize;
        set => _maxSize = value;
    }

    /// <summary>A message has begun and not ended.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Payload bytes that the current frame still needs.</summary>
    public long FrameRemaining => _frameRemaining;

    /// <summary>Bytes of the message once the current frame is whole.</summary>
    public long LengthAfterFrame => _length + _frameRemaining;

    /// <summary>How large the message's buffer is by then; <see langword="null"/>: it is compressed, and may become any length up to the largest.</summary>
    public int? BufferAfterFrame => _isCompressed ? null : PooledBuffer.LengthFor((int)LengthAfterFrame);

    /// <summary>How large any message's buffer can become.</summary>
    public int LargestBuffer => PooledBuffer.LengthFor(MaxSize);

    /// <summary>After a refusal: bytes that the message would have had at least.</summary>
    public long LengthRefused { get; private set; }

    /// <summary>After a refusal: how many it might have had.</summary>
    public int LimitRefused { get; private set; }

    /// <summary>The current frame is whole and was the last of its message.</summary>
    public bool IsComplete => IsUnderWay && _frameRemaining == 0 && _frame.IsFinal;

    /// <summary>Takes the header of a data frame. Refuses a message over the limit before its bytes are read.</summary>
    public ProtocolViolation? Begin(in FrameHeader header)
    {
        if (header.Opcode == Opcode.Continuation)
        {
            if (!IsUnderWay)
            {
                return ProtocolViolations.UnexpectedContinuation;
            }
        }
        else if (IsUnderWay)
        {
            return ProtocolViolations.MessageInterrupted;
        }
        else
        {
            IsUnderWay = true;
            _isText = header.Opcode == Opcode.Text;
            _isCompressed = header.Rsv1;
            _fragments = 0;
            _utf8 = default;
        }

        // Compared before adding, so that no announced length overflows.
        var maxSize = MaxSize;

        // What does not compress may grow: to nine bits a byte with the fixed codes (RFC 1951 3.2.6), and by five bytes wherever its
        // sender flushes. No buffer is larger than the largest, whatever the limit.
        var maxLength = _isCompressed ? (int)Math.Min(maxSize + (maxSize / 4L) + 64, PooledBuffer.Largest) : maxSize;
        if (header.PayloadLength > maxLength - _length)
        {
            LimitRefused = maxSize;
            LengthRefused = header.PayloadLength > long.MaxValue - _length ? long.MaxValue : _length + header.PayloadLength;
            return ProtocolViolations.MessageTooBig;
        }

        if (++_fragments > limits.MaxFragments)
        {
            return ProtocolViolations.TooManyFragments;
        }

        _frame = header;
        _frameRemaining = header.PayloadLength;
        return CheckEnd();
    }

    /// <summary>Takes payload from the start of <paramref name="input"/>, as much as the frame needs, and cuts it off there.</summary>
    public ProtocolViolation? Append(ref ReadOnlySequence<byte> input)
    {
        var take = (int)Math.Min(input.Length, _frameRemaining);
        if (take == 0)
        {
            return null;
        }

        Reserve(take);
        foreach (var segment in input.Slice(0, take))
        {
            var violation = AppendSegment(segment.Span);
            if (violation is not null)
            {
                return violation;
            }
        }

        input = input.Slice(take);
        return CheckEnd();
    }

    /// <summary>The message is whole, and has to be inflated before it is taken (RFC 7692 6.2).</summary>
    public bool NeedsInflating => _isCompressed && IsComplete;

    /// <summary>Puts what the whole message inflates to in its place.</summary>
    public ProtocolViolation? Inflate(MessageInflater inflater)
    {
        var maxSize = MaxSize;
        var outcome = inflater.Inflate(_buffer.AsSpan(0, _length), maxSize, out var inflated, out var length);
        if (outcome != InflateOutcome.Done)
        {
            (LengthRefused, LimitRefused) = (maxSize + 1L, maxSize);
            return outcome == InflateOutcome.TooBig ? ProtocolViolations.MessageTooBig : ProtocolViolations.InvalidDeflateData;
        }

        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _length, _isCompressed) = (inflated, length, false);
        return _isText && !(_utf8.Append(inflated.AsSpan(0, length)) && _utf8.IsComplete) ? ProtocolViolations.InvalidUtf8InText : null;
    }

    /// <summary>Hands the whole message to the caller, who then owns its buffer.</summary>
    public AssembledMessage Take()
    {
        var message = new AssembledMessage(_isText, _buffer, _length);
        _buffer = [];
        Reset();
        return message;
    }

    /// <summary>Gives back what a message under way has collected.</summary>
    public void Discard() => Take().Return();

    private ProtocolViolation? AppendSegment(ReadOnlySpan<byte> source)
    {
        var destination = _buffer.AsSpan(_length, source.Length);
        if (_frame.MaskingKey is { } key)
        {
            key.Apply(source, destination, _frame.PayloadLength - _frameRemaining);
        }
        else
        {
            source.CopyTo(destination);
        }

        _length += source.Length;
        _frameRemaining -= source.Length;
        return _isText && !_isCompressed && !_utf8.Append(destination) ? ProtocolViolations.InvalidUtf8InText : null;
    }

    private ProtocolViolation? CheckEnd() =>
        IsComplete && _isText && !_isCompressed && !_utf8.IsComplete ? ProtocolViolations.InvalidUtf8InText : null;

    // The first buffer holds what has come, or a little more if that is announced; then it doubles, so that each byte is copied about once more.
    private void Reserve(int count)
    {
        var needed = _length + count;
        if (needed <= _buffer.Length)
        {
            return;
        }

        var announced = (int)Math.Min(LengthAfterFrame, MaxSize);
        var length = _buffer.Length == 0
            ? Math.Max(needed, Math.Min(announced, FirstBufferLength))
            : Math.Max(needed, (int)Math.Min(2L * _buffer.Length, MaxSize));
        var larger = ArrayPool<byte>.Shared.Rent(length);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }

    private void Reset()
    {
        IsUnderWay = false;
        _length = 0;
        _frameRemaining = 0;
    }
}
