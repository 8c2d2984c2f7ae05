namespace Waffle.WebSockets.Protocol.PermessageDeflate;

/// <summary>The numbers of DEFLATE (RFC 1951 3.2.5 to 3.2.7), and room to build a block's own codes in. One set serves one thread at a time.</summary>
internal sealed class InflateTables
{
    public const int MaxLiterals = 286;
    public const int MaxDistances = 30;
    public const int EndOfBlock = 256;

    private const int FixedLiterals = 288;
    private const int CodeLengths = 19;

    [ThreadStatic]
    private static InflateTables? _ofThread;

    private readonly HuffmanTable _codeLengths = new(CodeLengths);

    /// <summary>The tables of the current thread.</summary>
    public static InflateTables OfThread => _ofThread ??= new InflateTables();

    /// <summary>The literals and lengths of a block with fixed codes.</summary>
    public static HuffmanTable FixedLiteralTable { get; } = CreateFixedLiterals();

    /// <summary>The distances of a block with fixed codes. Two of the thirty-two are never used.</summary>
    public static HuffmanTable FixedDistanceTable { get; } = CreateFixedDistances();

    public static ReadOnlySpan<ushort> LengthBases =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    public static ReadOnlySpan<byte> LengthExtraBits =>
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    public static ReadOnlySpan<ushort> DistanceBases =>
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ];

    public static ReadOnlySpan<byte> DistanceExtraBits =>
        [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    public HuffmanTable Literals { get; } = new(FixedLiterals);

    public HuffmanTable Distances { get; } = new(32);

    // RFC 1951 3.2.7: the order in which the lengths of the code for lengths stand.
    private static ReadOnlySpan<byte> CodeLengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Reads a block's own codes into <see cref="Literals"/> and <see cref="Distances"/>; <see langword="false"/> if they are none.</summary>
    public bool TryReadDynamic(scoped ref BitReader reader)
    {
        reader.Fill();
        var literals = (int)reader.Take(5) + 257;
        var distances = (int)reader.Take(5) + 1;
        var codes = (int)reader.Take(4) + 4;
        if (literals > MaxLiterals || distances > MaxDistances || !TryReadCodeLengths(ref reader, codes))
        {
            return false;
        }

        Span<byte> lengths = stackalloc byte[MaxLiterals + MaxDistances];
        lengths = lengths[..(literals + distances)];

        // A code without an end of the block would never end.
        return TryReadLengths(ref reader, lengths)
            && lengths[EndOfBlock] != 0
            && Literals.TryBuild(lengths[..literals], mayBeIncomplete: true)
            && Distances.TryBuild(lengths[literals..], mayBeIncomplete: true);
    }

    private bool TryReadCodeLengths(scoped ref BitReader reader, int count)
    {
        Span<byte> lengths = stackalloc byte[CodeLengths];
        lengths.Clear();
        for (var i = 0; i < count; i++)
        {
            reader.Fill();
            lengths[CodeLengthOrder[i]] = (byte)reader.Take(3);
        }

        return !reader.IsOverrun && _codeLengths.TryBuild(lengths, mayBeIncomplete: false);
    }

    // RFC 1951 3.2.7: 0 to 15 is a length; 16 repeats the last one, 17 and 18 repeat zero.
    private bool TryReadLengths(scoped ref BitReader reader, scoped Span<byte> lengths)
    {
        for (var i = 0; i < lengths.Length;)
        {
            reader.Fill();
            var symbol = _codeLengths.Decode(reader.Bits, out var bits);
            reader.Skip(bits);
            if (bits == 0 || reader.IsOverrun)
            {
                return false;
            }

            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            if (symbol == 16 && i == 0)
            {
                return false;
            }

            var (value, repeat) = symbol switch
            {
                16 => (lengths[i - 1], 3 + (int)reader.Take(2)),
                17 => ((byte)0, 3 + (int)reader.Take(3)),
                _ => ((byte)0, 11 + (int)reader.Take(7)),
            };
            if (reader.IsOverrun || repeat > lengths.Length - i)
            {
                return false;
            }

            lengths.Slice(i, repeat).Fill(value);
            i += repeat;
        }

        return true;
    }

    private static HuffmanTable CreateFixedLiterals()
    {
        Span<byte> lengths = stackalloc byte[FixedLiterals];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..].Fill(8);
        var table = new HuffmanTable(FixedLiterals);
        table.TryBuild(lengths, mayBeIncomplete: false);
        return table;
    }

    private static HuffmanTable CreateFixedDistances()
    {
        Span<byte> lengths = stackalloc byte[32];
        lengths.Fill(5);
        var table = new HuffmanTable(lengths.Length);
        table.TryBuild(lengths, mayBeIncomplete: false);
        return table;
    }
}
