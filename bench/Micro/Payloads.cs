using System.Globalization;
using System.Text;

namespace Waffle.WebSockets.Bench.Micro;

/// <summary>What the benchmarks send and receive; the same in every run.</summary>
internal static class Payloads
{
    public static readonly byte[] Mask = [0x12, 0x9A, 0x5F, 0xC3];

    /// <summary>JSON full of numbers, which compresses to about a third.</summary>
    public static byte[] CreateJson(int length)
    {
        var random = new Random(1);
        var json = new StringBuilder();
        while (json.Length < length)
        {
            json.Append(CultureInfo.InvariantCulture, $$"""{"id":{{random.Next(100_000)}},"x":{{random.Next(1000)}},"y":{{random.Next(1000)}},"state":"moving"},""");
        }

        return Encoding.ASCII.GetBytes(json.ToString(0, length));
    }

    /// <summary>Letters of one to four bytes in turn, as much as fits.</summary>
    public static byte[] CreateMixedText(int length)
    {
        var text = new byte[length];
        var written = 0;
        for (var letter = "aé€😀"u8; written + letter.Length <= length; written += letter.Length)
        {
            letter.CopyTo(text.AsSpan(written));
        }

        text.AsSpan(written).Fill((byte)'.');
        return text;
    }
}
