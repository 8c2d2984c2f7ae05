using System.Globalization;
using System.Text;

namespace Waffle.WebSockets.Bench.Load.Generator.Payloads;

/// <summary>What travels: a stamp and a filler that is the same in each, so that every byte that comes back can be compared.</summary>
internal sealed class Payload
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    private readonly byte[] _bytes;

    /// <param name="length">In bytes, the stamp included.</param>
    /// <param name="likeJson">Whether the filler compresses as JSON does; quotes are left out, which some dialects would escape.</param>
    public Payload(int length, bool likeJson)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Stamp.Length);
        _bytes = Encoding.ASCII.GetBytes(new string('0', Stamp.Length) + (likeJson ? Records(length) : LettersFor(length)))[..length];
    }

    public int Length => _bytes.Length;

    /// <summary>The payload with a stamp; valid until the next one.</summary>
    public ReadOnlySpan<byte> With(Stamp stamp)
    {
        stamp.Write(_bytes);
        return _bytes;
    }

    /// <summary>Whether text that begins with a stamp goes on as a payload does.</summary>
    public bool HasFiller(ReadOnlySpan<byte> text) =>
        text.Length >= Length && text[Stamp.Length..Length].SequenceEqual(_bytes.AsSpan(Stamp.Length));

    private static string LettersFor(int length) => string.Concat(Enumerable.Repeat(Letters, (length / Letters.Length) + 1));

    private static string Records(int length)
    {
        var random = new Random(1);
        var text = new StringBuilder();
        for (var id = 1000; text.Length < length; id++)
        {
            var isOpen = id % 2 == 0 ? "true" : "false";
            text.Append(
                CultureInfo.InvariantCulture,
                $"{{id:{id},user:user-{random.Next(500)},price:{random.Next(900)}.{random.Next(10, 100)},open:{isOpen}}},");
        }

        return text.ToString();
    }
}
