using System.Text;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>The texts of 6.5 to 6.23, which come from Markus Kuhn's collection for stress tests of UTF-8 decoders.</summary>
internal static class Utf8Sequences
{
    /// <summary>κόσμε, with the accent in one code point of three bytes.</summary>
    public static readonly byte[] Kosme = Bytes("CEBA E1BDB9 CF83 CEBC CEB5");

    private static readonly string[] _withoutLastByte =
        ["C0", "E080", "F08080", "F8808080", "FC80808080", "DF", "EFBF", "F7BFBF", "FBBFBFBF", "FDBFBFBFBF"];

    /// <summary>All of them, in the order of their numbers.</summary>
    public static IReadOnlyList<Utf8Sequence> All { get; } =
    [
        // Valid texts; then each beginning of one, which is a text only where it ends with a whole code point.
        .. Group(5, true, [Hello("24"), Hello("C2A2"), Hello("E282AC"), Hello("F0A4ADA2"), Kosme]),
        .. Enumerable.Range(1, Kosme.Length)
            .Select(length => new Utf8Sequence($"6.6.{length}", length is 2 or 5 or 7 or 9 or 11, Kosme[..length])),

        // The first and the last code point of each length, and lengths that UTF-8 does not have.
        .. Group(7, true, "00", "C280", "E0A080", "F0908080"),
        .. Group(8, false, "F888808080", "FC8480808080"),
        .. Group(9, true, "7F", "DFBF", "EFBFBF", "F48FBFBF"),
        .. Group(10, false, "F7BFBFBF", "FBBFBFBFBF", "FDBFBFBFBFBF"),

        // What lies next to the surrogates, and to the end of Unicode.
        .. Group(11, true, "ED9FBF", "EE8080", "EFBFBD", "F48FBFBF"),
        new Utf8Sequence("6.11.5", false, Bytes("F4908080")),

        // Continuation bytes without a start; all but the last in the end.
        .. Group(12, false, [[0x80], [0xBF], .. Enumerable.Range(2, 5).Select(Continuations), Range(0x80, 0xBF)]),

        // Starts without a continuation, a space behind each: those of sequences of two to six bytes.
        .. Group(13, false, Starts(0xC0, 0xDF), Starts(0xE0, 0xEF), Starts(0xF0, 0xF7), Starts(0xF8, 0xFB), Starts(0xFC, 0xFD)),

        // Sequences that lack their last byte, one by one and all together.
        .. Group(14, false, _withoutLastByte),
        .. Group(15, false, string.Concat(_withoutLastByte)),

        // Bytes that never occur; then a slash, the greatest code points and NUL in more bytes than they need.
        .. Group(16, false, "FE", "FF", "FEFEFFFF"),
        .. Group(17, false, "C0AF", "E080AF", "F08080AF", "F8808080AF", "FC80808080AF"),
        .. Group(18, false, "C1BF", "E09FBF", "F08FBFBF", "F887BFBFBF", "FC83BFBFBFBF"),
        .. Group(19, false, "C080", "E08080", "F0808080", "F880808080", "FC8080808080"),

        // Surrogates, alone and in pairs.
        .. Group(20, false, "EDA080", "EDADBF", "EDAE80", "EDAFBF", "EDB080", "EDBE80", "EDBFBF"),
        .. Group(
            21,
            false,
            [
                .. new[] { "EDA080", "EDADBF", "EDAE80", "EDAFBF" }
                    .SelectMany(high => new[] { Bytes(high + "EDB080"), Bytes(high + "EDBFBF") }),
            ]),

        // Code points that are no characters, and yet may be sent: the last two of each plane. Then some around the replacement one.
        .. Group(22, true, [.. Enumerable.Range(0, 17).SelectMany(plane => new[] { CodePoint(plane, 0xFFFE), CodePoint(plane, 0xFFFF) })]),
        .. Group(23, true, [.. Enumerable.Range(0xFFF9, 7).Select(value => CodePoint(0, value))]),
    ];

    private static IEnumerable<Utf8Sequence> Group(int number, bool isValid, params string[] texts) =>
        Group(number, isValid, [.. texts.Select(Bytes)]);

    private static IEnumerable<Utf8Sequence> Group(int number, bool isValid, params byte[][] texts) =>
        texts.Select((text, i) => new Utf8Sequence($"6.{number}.{i + 1}", isValid, text));

    private static byte[] Bytes(string hexadecimal) =>
        Convert.FromHexString(hexadecimal.Replace(" ", string.Empty, StringComparison.Ordinal));

    private static byte[] Hello(string middle) => [.. "hello"u8, .. Bytes(middle), .. "world"u8];

    private static byte[] CodePoint(int plane, int value)
    {
        Span<byte> utf8 = stackalloc byte[4];
        return utf8[..new Rune((plane << 16) | value).EncodeToUtf8(utf8)].ToArray();
    }

    private static byte[] Continuations(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 2 == 0 ? 0x80 : 0xBF))];

    private static byte[] Starts(int first, int last) => [.. Range(first, last).SelectMany(start => new[] { start, (byte)' ' })];

    private static byte[] Range(int first, int last) => [.. Enumerable.Range(first, last - first).Select(value => (byte)value)];
}
