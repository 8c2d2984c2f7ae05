using System.Text;

namespace Waffle.WebSockets.Tests.Interop;

/// <summary>Messages of every length where the encoding of frames changes, and of random ones between; the same for the same seed.</summary>
internal static class InteropMessages
{
    public const int MaxSize = 1024 * 1024;

    private const int RandomMessages = 32;

    private static readonly int[] _edges = [0, 1, 125, 126, 127, 65_535, 65_536, MaxSize];

    public static List<PeerMessage> Create(int seed, int maxSize = MaxSize)
    {
        var random = new Random(seed);
        var sizes = _edges.Where(size => size <= maxSize).SelectMany(size => new[] { (MessageKind.Text, size), (MessageKind.Binary, size) }).ToList();
        for (var i = 0; i < RandomMessages; i++)
        {
            // As many of each order of magnitude.
            var size = (int)Math.Pow(2, random.NextDouble() * Math.Log2(Math.Min(maxSize, 200_000)));
            sizes.Add((i % 2 == 0 ? MessageKind.Text : MessageKind.Binary, size));
        }

        var ordered = sizes.ToArray();
        random.Shuffle(ordered);
        return [.. ordered.Select(item => new PeerMessage(item.Item1, CreateData(random, item.Item1, item.Item2)))];
    }

    /// <summary>Cuts data into one to five parts, anywhere: empty parts and halves of characters among them.</summary>
    public static byte[][] Cut(Random random, byte[] data)
    {
        int[] cuts = [0, .. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(data.Length + 1)).Order(), data.Length];
        return [.. cuts.Zip(cuts.Skip(1), (from, to) => data[from..to])];
    }

    public static void AssertEqual(PeerMessage expected, PeerMessage actual)
    {
        Assert.Equal((expected.Kind, expected.Data.Length), (actual.Kind, actual.Data.Length));
        Assert.True(expected.Data.AsSpan().SequenceEqual(actual.Data), "The bytes differ.");
    }

    private static byte[] CreateData(Random random, MessageKind kind, int size)
    {
        var data = new byte[size];
        if (kind == MessageKind.Binary)
        {
            random.NextBytes(data);
            return data;
        }

        for (var length = 0; length < size;)
        {
            var rune = NextRune(random);
            length += rune.Utf8SequenceLength <= size - length ? rune.EncodeToUtf8(data.AsSpan(length)) : 0;
        }

        return data;
    }

    // One to four bytes in UTF-8, each as likely.
    private static Rune NextRune(Random random) => new(random.Next(4) switch
    {
        0 => random.Next(0x80),
        1 => random.Next(0x80, 0x800),
        2 => random.Next(0x800, 0xD800),
        _ => random.Next(0x10000, 0x110000),
    });
}
