using System.Text;
using Xunit;

namespace Waffle.WebSockets.TestKit.Interop;

/// <summary>Messages of every length where the encoding of frames changes, and of random ones between; some compress well.</summary>
public static class InteropMessages
{
    public const int MaxSize = 1024 * 1024;

    private const int RandomMessages = 32;
    private const int Words = 100;
    private const int MaxWordSize = 40;

    private static readonly int[] _edges = [0, 1, 125, 126, 127, 65_535, 65_536, MaxSize];

    /// <summary>The same for the same state of <paramref name="random"/>.</summary>
    public static List<PeerMessage> Create(Random random, int maxSize = MaxSize)
    {
        var items = _edges.Where(size => size <= maxSize).SelectMany(size => new[] { (MessageKind.Text, size), (MessageKind.Binary, size) }).ToList();
        for (var i = 0; i < RandomMessages; i++)
        {
            // As many of each order of magnitude.
            var size = (int)Math.Pow(2, random.NextDouble() * Math.Log2(Math.Min(maxSize, 200_000)));
            items.Add((i % 2 == 0 ? MessageKind.Text : MessageKind.Binary, size));
        }

        var ordered = items.ToArray();
        random.Shuffle(ordered);
        var words = Enum.GetValues<MessageKind>().ToDictionary(kind => kind, kind => CreateWords(random, kind));
        return [.. ordered.Select(item => new PeerMessage(item.Item1, CreateData(random, item.Item1, item.Item2, words[item.Item1])))];
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

    // Of the words that all messages share, or of nothing that ever comes again.
    private static byte[] CreateData(Random random, MessageKind kind, int size, byte[][] words)
    {
        var data = new byte[size];
        var rest = data.AsSpan();
        if (random.Next(2) == 0)
        {
            while (rest.Length >= MaxWordSize)
            {
                var word = words[random.Next(words.Length)];
                word.CopyTo(rest);
                rest = rest[word.Length..];
            }
        }

        Fill(random, kind, rest);
        return data;
    }

    private static byte[][] CreateWords(Random random, MessageKind kind)
    {
        var words = new byte[Words][];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = new byte[random.Next(1, MaxWordSize + 1)];
            Fill(random, kind, words[i]);
        }

        return words;
    }

    private static void Fill(Random random, MessageKind kind, Span<byte> data)
    {
        if (kind == MessageKind.Binary)
        {
            random.NextBytes(data);
            return;
        }

        while (!data.IsEmpty)
        {
            var rune = NextRune(random);
            data = data[(rune.TryEncodeToUtf8(data, out var length) ? length : 0)..];
        }
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
