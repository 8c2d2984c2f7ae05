using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.TestKit;

/// <summary>Reads compressed messages bit by bit, as plainly as can be, and notes how far back they refer.</summary>
public sealed class DeflateWalker
{
    private static readonly Code _fixedLiterals =
        Code.Create([.. Enumerable.Range(0, 288).Select(i => i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)]);

    private static readonly Code _fixedDistances = Code.Create([.. Enumerable.Repeat(5, 30)]);

    private readonly List<byte> _output = [];
    private byte[] _data = [];
    private int _bit;

    /// <summary>The greatest distance so far.</summary>
    public int FurthestBack { get; private set; }

    /// <summary>Inflates a message that may refer to those before it.</summary>
    public byte[] Read(byte[] compressed)
    {
        _data = [.. compressed, 0, 0, 0xFF, 0xFF];
        _bit = 0;
        var start = _output.Count;
        while (_bit < 8 * _data.Length)
        {
            Expect(Bits(1) == 0, "A block is marked as the last one.");
            switch (Bits(2))
            {
                case 0:
                    _bit = (_bit + 7) / 8 * 8;
                    var length = Bits(16);
                    Expect(length + Bits(16) == 0xFFFF, "A stored block's length and its complement do not agree.");
                    for (var i = 0; i < length; i++)
                    {
                        _output.Add((byte)Bits(8));
                    }

                    break;
                case 1:
                    ReadBlock(_fixedLiterals, _fixedDistances);
                    break;
                default:
                    ReadDynamicBlock();
                    break;
            }
        }

        return [.. _output.Skip(start)];
    }

    private void ReadDynamicBlock()
    {
        int[] order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        var (literals, distances, codes) = (Bits(5) + 257, Bits(5) + 1, Bits(4) + 4);
        var lengthsOfLengths = new int[19];
        for (var i = 0; i < codes; i++)
        {
            lengthsOfLengths[order[i]] = Bits(3);
        }

        var lengths = new List<int>();
        var code = Code.Create(lengthsOfLengths);
        while (lengths.Count < literals + distances)
        {
            var symbol = Symbol(code);
            lengths.AddRange(symbol switch
            {
                16 => Enumerable.Repeat(lengths[^1], 3 + Bits(2)),
                17 => Enumerable.Repeat(0, 3 + Bits(3)),
                18 => Enumerable.Repeat(0, 11 + Bits(7)),
                _ => [symbol],
            });
        }

        ReadBlock(Code.Create([.. lengths.Take(literals)]), Code.Create([.. lengths.Skip(literals)]));
    }

    private void ReadBlock(Code literals, Code distances)
    {
        for (var symbol = Symbol(literals); symbol != 256; symbol = Symbol(literals))
        {
            if (symbol < 256)
            {
                _output.Add((byte)symbol);
                continue;
            }

            var length = InflateTables.LengthBases[symbol - 257] + Bits(InflateTables.LengthExtraBits[symbol - 257]);
            symbol = Symbol(distances);
            var distance = InflateTables.DistanceBases[symbol] + Bits(InflateTables.DistanceExtraBits[symbol]);
            FurthestBack = Math.Max(FurthestBack, distance);
            for (var i = 0; i < length; i++)
            {
                _output.Add(_output[^distance]);
            }
        }
    }

    private int Symbol(Code code)
    {
        var (value, first, index) = (0, 0, 0);
        foreach (var count in code.CountByLength)
        {
            value = (value << 1) | Bits(1);
            first <<= 1;
            if (value - first < count)
            {
                return code.Symbols[index + value - first];
            }

            index += count;
            first += count;
        }

        throw new InvalidDataException("There is no such code.");
    }

    private static void Expect(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new InvalidDataException(what);
        }
    }

    private int Bits(int count)
    {
        var value = 0;
        for (var i = 0; i < count; i++, _bit++)
        {
            value |= ((_data[_bit / 8] >> (_bit % 8)) & 1) << i;
        }

        return value;
    }

    // RFC 1951 3.2.2: codes of one length are consecutive by symbol, and begin behind those of the length before, doubled.
    private sealed record Code(int[] CountByLength, int[] Symbols)
    {
        public static Code Create(int[] lengths) => new(
            [.. Enumerable.Range(1, 15).Select(length => lengths.Count(each => each == length))],
            [.. Enumerable.Range(0, lengths.Length).Where(symbol => lengths[symbol] > 0).OrderBy(symbol => lengths[symbol])]);
    }
}
