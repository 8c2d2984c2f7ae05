namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>A Huffman code of RFC 1951 3.2.2, decoded bit by bit.</summary>
internal sealed class PlainCode
{
    private readonly int[] _counts = new int[16];
    private readonly int[] _symbols;
    private int _code;
    private int _first;
    private int _index;
    private int _length;

    public PlainCode(int[] lengths)
    {
        foreach (var length in lengths)
        {
            _counts[length]++;
        }

        IsEmpty = _counts[0] == lengths.Length;
        IsOneBit = _counts[0] == lengths.Length - 1 && _counts[1] == 1;
        IsComplete = Enumerable.Range(1, 15).Sum(length => _counts[length] << (15 - length)) == 1 << 15;
        _counts[0] = 0;
        _symbols = [.. Enumerable.Range(0, lengths.Length).Where(symbol => lengths[symbol] > 0).OrderBy(symbol => lengths[symbol])];
    }

    /// <summary>Every sequence of bits begins with a code, and no code with another.</summary>
    public bool IsComplete { get; }

    /// <summary>There is one code, a single bit.</summary>
    public bool IsOneBit { get; }

    public bool IsEmpty { get; }

    public void Restart() => (_code, _first, _index, _length) = (0, 0, 0, 0);

    /// <summary>Takes one more bit; the symbol if that is the last of its code.</summary>
    public int? Next(int bit)
    {
        _code |= bit;
        var count = _counts[++_length];
        if (_code - _first < count)
        {
            return _symbols[_index + _code - _first];
        }

        _index += count;
        _first = (_first + count) << 1;
        _code <<= 1;
        return null;
    }
}
