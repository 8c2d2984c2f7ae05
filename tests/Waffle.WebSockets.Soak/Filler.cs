using System.Text;

namespace Waffle.WebSockets.Soak;

/// <summary>
/// Text that follows from a number alone, so that a receiver sees whether it came as it was sent: of 0 to 2,000 characters, at times of
/// 12,000.
/// </summary>
internal static class Filler
{
    private const int LongLength = 12_000;

    private static readonly string _source = CreateSource(2 * LongLength);

    public static string For(long number)
    {
        var (start, length) = Place(number);
        return _source.Substring(start, length);
    }

    /// <summary>Whether <paramref name="text"/> is that of <paramref name="number"/>.</summary>
    public static bool IsFor(long number, string? text)
    {
        var (start, length) = Place(number);
        return _source.AsSpan(start, length).SequenceEqual(text);
    }

    private static (int Start, int Length) Place(long number)
    {
        var mixed = (int)((((ulong)number + 1) * 0x9E3779B97F4A7C15) >> 40);
        return (mixed % LongLength, mixed % 40 == 0 ? LongLength : mixed / 40 % 2_000);
    }

    // Words of some languages in a random order: compressible, but not to nothing, and of one to four bytes a character.
    private static string CreateSource(int length)
    {
        string[] words = ["waffle ", "room ", "déjà ", "vu ", "привет ", "茶 ", "🧇 ", "42 ", "\"quoted\" ", "message "];
        var random = new Random(6455);
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(words[random.Next(words.Length)]);
        }

        // A cut may leave half of a surrogate pair, which JSON cannot carry.
        return text.Replace("🧇", "wf").ToString(0, length);
    }
}
