using System.Buffers;

namespace Waffle.WebSockets.Protocol.PermessageDeflate;

/// <summary>What became of a message that was to be inflated.</summary>
internal enum InflateOutcome
{
    Done,

    /// <summary>The bytes are no compressed message: cut off, or not DEFLATE.</summary>
    Invalid,

    /// <summary>It inflates to more than is accepted. Nothing more was inflated than that.</summary>
    TooBig,
}

/// <summary>Inflates whole messages (RFC 7692 7.2.2, RFC 1951), one after another. Pure: no stream, nothing native.</summary>
/// <param name="windowBits">How far back a message may refer to those before it, as a power of two; zero: not at all (RFC 7692 7.1.1.2).</param>
/// <remarks>Between messages it holds the window, as far as there was so much; what it works with is the thread's.</remarks>
internal sealed class MessageInflater(int windowBits)
{
    private const int FirstBufferLength = 256;
    private const int NoCode = -1;

    private readonly InflateWindow _window = new(windowBits == 0 ? 0 : 1 << windowBits);
    private byte[] _output = [];
    private int _length;
    private int _maxSize;

    /// <summary>Inflates a message into a rented buffer, which the caller then owns.</summary>
    /// <param name="compressed">The message's payload; the tail that its sender cut off is put back here.</param>
    /// <param name="maxSize">What it may inflate to, in bytes.</param>
    /// <param name="buffer">The buffer, if done; empty for an empty message.</param>
    /// <param name="length">How much of it is the message.</param>
    public InflateOutcome Inflate(ReadOnlySpan<byte> compressed, int maxSize, out byte[] buffer, out int length)
    {
        _length = 0;
        _maxSize = maxSize;
        Reserve((int)Math.Min(maxSize, Math.Max(FirstBufferLength, 2L * compressed.Length)));
        var outcome = InflateBlocks(new BitReader(compressed));
        (buffer, length) = (_output, _length);
        _output = [];
        if (outcome == InflateOutcome.Done && length > 0)
        {
            _window.Add(buffer.AsSpan(0, length));
            return outcome;
        }

        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        (buffer, length) = ([], 0);
        return outcome;
    }

    private InflateOutcome InflateBlocks(BitReader reader)
    {
        // A message without any byte is what no sender makes of an empty one, but it can mean nothing else.
        if (reader.IsAtTail)
        {
            return InflateOutcome.Done;
        }

        while (!reader.IsAtEnd)
        {
            reader.Fill();
            var isFinal = reader.Take(1) == 1;
            var outcome = reader.Take(2) switch
            {
                0 => InflateStored(ref reader),
                1 => InflateCoded(ref reader, InflateTables.FixedLiteralTable, InflateTables.FixedDistanceTable),
                2 => InflateDynamic(ref reader),
                _ => InflateOutcome.Invalid,
            };
            if (outcome != InflateOutcome.Done || reader.IsOverrun)
            {
                return outcome == InflateOutcome.TooBig ? outcome : InflateOutcome.Invalid;
            }

            if (isFinal)
            {
                // RFC 7692 7.2.3.4: the data may be several DEFLATE streams, each of which ends with a whole byte.
                reader.Align();
                if (reader.IsAtTail)
                {
                    break;
                }
            }
        }

        return InflateOutcome.Done;
    }

    // RFC 1951 3.2.4: on whole bytes the length, its complement, and so many bytes as they are.
    private InflateOutcome InflateStored(ref BitReader reader)
    {
        reader.Align();
        reader.Fill();
        var length = (int)reader.Take(16);
        if (length != (~reader.Take(16) & 0xFFFF) || reader.IsOverrun)
        {
            return InflateOutcome.Invalid;
        }

        if (length == 0)
        {
            return InflateOutcome.Done;
        }

        var bytes = reader.TakeBytes(length);
        if (bytes.IsEmpty)
        {
            return InflateOutcome.Invalid;
        }

        if (!Reserve(length))
        {
            return InflateOutcome.TooBig;
        }

        bytes.CopyTo(_output.AsSpan(_length));
        _length += length;
        return InflateOutcome.Done;
    }

    private InflateOutcome InflateDynamic(ref BitReader reader)
    {
        var tables = InflateTables.OfThread;
        return tables.TryReadDynamic(ref reader)
            ? InflateCoded(ref reader, tables.Literals, tables.Distances)
            : InflateOutcome.Invalid;
    }

    private InflateOutcome InflateCoded(scoped ref BitReader reader, HuffmanTable literals, HuffmanTable distances)
    {
        while (true)
        {
            var symbol = InflateLiterals(ref reader, literals);
            if (symbol < InflateTables.EndOfBlock)
            {
                if (symbol == NoCode)
                {
                    return InflateOutcome.Invalid;
                }

                if (!Reserve(1))
                {
                    return InflateOutcome.TooBig;
                }

                _output[_length++] = (byte)symbol;
                continue;
            }

            if (symbol == InflateTables.EndOfBlock)
            {
                return InflateOutcome.Done;
            }

            if (symbol >= InflateTables.MaxLiterals || !TryReadMatch(ref reader, symbol, distances, out var distance, out var length))
            {
                return InflateOutcome.Invalid;
            }

            if (!Reserve(length))
            {
                return InflateOutcome.TooBig;
            }

            CopyMatch(distance, length);
        }
    }

    // Puts out literals while there is room; returns the symbol that is none, or the literal for which there is no room.
    private int InflateLiterals(scoped ref BitReader reader, HuffmanTable literals)
    {
        var output = _output.AsSpan(0, Math.Min(_output.Length, _maxSize));
        var at = _length;
        while (true)
        {
            // Enough for the longest length with its extra bits and the longest distance with its own: 48 bits.
            reader.Fill();
            var symbol = literals.Decode(reader.Bits, out var bits);
            reader.Skip(bits);
            if (bits == 0 || reader.IsOverrun)
            {
                return NoCode;
            }

            if (symbol >= InflateTables.EndOfBlock || at >= output.Length)
            {
                _length = at;
                return symbol;
            }

            output[at++] = (byte)symbol;
        }
    }

    private bool TryReadMatch(scoped ref BitReader reader, int symbol, HuffmanTable distances, out int distance, out int length)
    {
        symbol -= InflateTables.EndOfBlock + 1;
        length = InflateTables.LengthBases[symbol] + (int)reader.Take(InflateTables.LengthExtraBits[symbol]);
        distance = 0;
        symbol = distances.Decode(reader.Bits, out var bits);
        reader.Skip(bits);
        if (bits == 0 || symbol >= InflateTables.MaxDistances)
        {
            return false;
        }

        distance = InflateTables.DistanceBases[symbol] + (int)reader.Take(InflateTables.DistanceExtraBits[symbol]);
        return !reader.IsOverrun && distance <= _length + _window.Length;
    }

    private void CopyMatch(int distance, int length)
    {
        // What lies before this message is in the window.
        for (; distance > _length && length > 0; length--)
        {
            _output[_length] = _window[distance - _length];
            _length++;
        }

        if (length == 0)
        {
            return;
        }

        var start = _length - distance;
        if (distance >= length)
        {
            _output.AsSpan(start, length).CopyTo(_output.AsSpan(_length));
            _length += length;
            return;
        }

        // The match may reach into what it makes itself, which then repeats.
        for (var i = 0; i < length; i++)
        {
            _output[_length++] = _output[start + i];
        }
    }

    private bool Reserve(int count)
    {
        var needed = (long)_length + count;
        if (needed > _maxSize)
        {
            return false;
        }

        if (needed > _output.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(needed, Math.Min(_maxSize, 2L * _output.Length)));
            _output.AsSpan(0, _length).CopyTo(larger);
            if (_output.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_output);
            }

            _output = larger;
        }

        return true;
    }
}
