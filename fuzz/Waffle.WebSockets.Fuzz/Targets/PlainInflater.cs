using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>Inflates messages bit by bit by RFC 1951 and RFC 7692 7.2.2, as plainly as can be.</summary>
/// <param name="windowSize">How much of what came before a message may refer to.</param>
internal sealed class PlainInflater(int windowSize)
{
    private static readonly int[] _codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    private static readonly PlainCode _fixedLiterals =
        new([.. Enumerable.Range(0, 288).Select(i => i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)]);

    private static readonly PlainCode _fixedDistances = new([.. Enumerable.Repeat(5, 32)]);

    // Of earlier messages, and behind it the current one.
    private readonly List<byte> _output = [];
    private byte[] _data = [];
    private int _start;
    private int _bit;
    private int _limit;

    /// <summary>What the last message inflated to.</summary>
    public ReadOnlySpan<byte> Message => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_output)[_start..];

    /// <summary>A message had a block that was the last of its stream, at which most inflaters stop.</summary>
    public bool HasFinalBlock { get; private set; }

    public InflateOutcome Inflate(ReadOnlySpan<byte> compressed, int limit)
    {
        _output.RemoveRange(0, Math.Max(0, _output.Count - windowSize));
        _data = [.. compressed, 0, 0, 0xFF, 0xFF];
        (_start, _bit, _limit) = (_output.Count, 0, limit);
        try
        {
            var tail = 8 * compressed.Length;
            while (_bit < 8 * _data.Length && compressed.Length > 0)
            {
                var isFinal = Bits(1) == 1;
                InflateBlock();
                HasFinalBlock |= isFinal;
                if (isFinal)
                {
                    Align();
                    if (_bit == tail)
                    {
                        break;
                    }
                }
            }

            return InflateOutcome.Done;
        }
        catch (InvalidDataException)
        {
            return InflateOutcome.Invalid;
        }
        catch (TooBigException)
        {
            return InflateOutcome.TooBig;
        }
    }

    private void InflateBlock()
    {
        switch (Bits(2))
        {
            case 0:
                InflateStored();
                break;
            case 1:
                InflateCoded(_fixedLiterals, _fixedDistances);
                break;
            case 2:
                var (literals, distances) = ReadCodes();
                InflateCoded(literals, distances);
                break;
            default:
                throw new InvalidDataException();
        }
    }

    private void InflateStored()
    {
        Align();
        var length = Bits(16);
        Require(length + Bits(16) == 0xFFFF);

        // None of the tail that was added is in it.
        Require(length <= _data.Length - 4 - (_bit / 8) || length == 0);
        Reserve(length);
        for (; length > 0; length--)
        {
            _output.Add((byte)Bits(8));
        }
    }

    private (PlainCode Literals, PlainCode Distances) ReadCodes()
    {
        var (literals, distances, codes) = (Bits(5) + 257, Bits(5) + 1, Bits(4) + 4);
        Require(literals <= 286 && distances <= 30);
        var lengthsOfLengths = new int[19];
        foreach (var symbol in _codeLengthOrder.Take(codes))
        {
            lengthsOfLengths[symbol] = Bits(3);
        }

        var code = new PlainCode(lengthsOfLengths);
        Require(code.IsComplete);
        var lengths = new List<int>();
        while (lengths.Count < literals + distances)
        {
            var symbol = Symbol(code);
            Require(symbol != 16 || lengths.Count > 0);
            lengths.AddRange(symbol switch
            {
                16 => Enumerable.Repeat(lengths[^1], 3 + Bits(2)),
                17 => Enumerable.Repeat(0, 3 + Bits(3)),
                18 => Enumerable.Repeat(0, 11 + Bits(7)),
                _ => [symbol],
            });
        }

        Require(lengths.Count == literals + distances && lengths[256] > 0);
        var (literalCode, distanceCode) = (new PlainCode([.. lengths.Take(literals)]), new PlainCode([.. lengths.Skip(literals)]));
        Require(literalCode.IsComplete || literalCode.IsOneBit);
        Require(distanceCode.IsComplete || distanceCode.IsOneBit || distanceCode.IsEmpty);
        return (literalCode, distanceCode);
    }

    private void InflateCoded(PlainCode literals, PlainCode distances)
    {
        for (var symbol = Symbol(literals); symbol != 256; symbol = Symbol(literals))
        {
            if (symbol < 256)
            {
                Reserve(1);
                _output.Add((byte)symbol);
                continue;
            }

            Require(symbol < 286);
            var length = LengthOf(symbol - 257);
            symbol = Symbol(distances);
            Require(symbol < 30);
            var distance = DistanceOf(symbol);
            Require(distance <= _output.Count - _start + Math.Min(windowSize, _start));
            Reserve(length);
            for (; length > 0; length--)
            {
                _output.Add(_output[^distance]);
            }
        }
    }

    // RFC 1951 3.2.5: four lengths share a number of extra bits, from the ninth on; the last length stands for itself.
    private int LengthOf(int index)
    {
        var extra = index is < 8 or 28 ? 0 : (index - 4) / 4;
        return index == 28 ? 258 : 3 + (index < 8 ? index : (4 + (index % 4)) << extra) + Bits(extra);
    }

    // The same with two distances, from the fifth on.
    private int DistanceOf(int index)
    {
        var extra = index < 4 ? 0 : (index - 2) / 2;
        return 1 + (index < 4 ? index : (2 + (index % 2)) << extra) + Bits(extra);
    }

    private int Symbol(PlainCode code)
    {
        code.Restart();
        for (var length = 1; length <= 15; length++)
        {
            if (code.Next(Bits(1)) is { } symbol)
            {
                return symbol;
            }
        }

        throw new InvalidDataException();
    }

    private int Bits(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++, _bit++)
        {
            Require(_bit < 8 * _data.Length);
            value |= ((_data[_bit / 8] >> (_bit % 8)) & 1) << i;
        }

        return value;
    }

    private void Align() => _bit = (_bit + 7) / 8 * 8;

    private void Reserve(int count)
    {
        if (_output.Count - _start + count > _limit)
        {
            throw new TooBigException();
        }
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException();
        }
    }

    private sealed class TooBigException : Exception;
}
