namespace Waffle.WebSockets.Protocol.PermessageDeflate;

/// <summary>One Huffman code of DEFLATE (RFC 1951 3.2.2), ready to decode: short codes by one look-up, longer ones bit by bit.</summary>
internal sealed class HuffmanTable(int maxSymbols)
{
    public const int MaxCodeLength = 15;

    private const int FastBits = 9;
    private const int LengthBits = 4;

    // Index: the next 9 bits; value: the symbol and its code's length. Zero: the code is longer, or there is none.
    private readonly ushort[] _fast = new ushort[1 << FastBits];
    private readonly ushort[] _symbols = new ushort[maxSymbols];
    private readonly ushort[] _counts = new ushort[MaxCodeLength + 1];

    /// <summary>Builds the code from the lengths of its symbols' codes; <see langword="false"/> if there is no such code.</summary>
    /// <param name="lengths">By symbol; zero: the symbol does not occur.</param>
    /// <param name="mayBeIncomplete">Whether one code of one bit, or none at all, will do: a block may need only one distance, or none.</param>
    public bool TryBuild(ReadOnlySpan<byte> lengths, bool mayBeIncomplete)
    {
        Array.Clear(_counts);
        foreach (var length in lengths)
        {
            _counts[length]++;
        }

        if (!IsAllowed(lengths.Length, mayBeIncomplete))
        {
            return false;
        }

        Span<ushort> offsets = stackalloc ushort[MaxCodeLength + 2];
        Span<ushort> codes = stackalloc ushort[MaxCodeLength + 2];
        for (var length = 1; length <= MaxCodeLength; length++)
        {
            offsets[length + 1] = (ushort)(offsets[length] + _counts[length]);
            codes[length + 1] = (ushort)((codes[length] + _counts[length]) << 1);
        }

        Array.Clear(_fast);
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            var length = lengths[symbol];
            if (length > 0)
            {
                _symbols[offsets[length]++] = (ushort)symbol;
                AddFast(symbol, length, codes[length]++);
            }
        }

        return true;
    }

    /// <summary>Decodes the symbol at the start of <paramref name="bits"/>; its code's length is 0 if no code stands there.</summary>
    public int Decode(ulong bits, out int length)
    {
        var entry = _fast[bits & ((1 << FastBits) - 1)];
        if (entry != 0)
        {
            length = entry & ((1 << LengthBits) - 1);
            return entry >> LengthBits;
        }

        return DecodeLong(bits, out length);
    }

    // RFC 1951 3.2.2: codes of one length are consecutive, and those of the next begin behind them, doubled.
    private int DecodeLong(ulong bits, out int length)
    {
        var code = 0;
        var first = 0;
        var index = 0;
        for (length = 1; length <= MaxCodeLength; length++)
        {
            code |= (int)(bits & 1);
            bits >>= 1;
            var count = _counts[length];
            if (code - first < count)
            {
                return _symbols[index + code - first];
            }

            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }

        length = 0;
        return 0;
    }

    private bool IsAllowed(int symbols, bool mayBeIncomplete)
    {
        var left = 1;
        for (var length = 1; length <= MaxCodeLength; length++)
        {
            left = (left << 1) - _counts[length];
            if (left < 0)
            {
                return false;
            }
        }

        var used = symbols - _counts[0];
        return left == 0 || (mayBeIncomplete && (used == 0 || (used == 1 && _counts[1] == 1)));
    }

    // A code stands in the data with its first bit lowest.
    private void AddFast(int symbol, int length, int code)
    {
        if (length > FastBits)
        {
            return;
        }

        var reversed = 0;
        for (var bit = 0; bit < length; bit++)
        {
            reversed = (reversed << 1) | ((code >> bit) & 1);
        }

        var entry = (ushort)((symbol << LengthBits) | length);
        for (var index = reversed; index < _fast.Length; index += 1 << length)
        {
            _fast[index] = entry;
        }
    }
}
