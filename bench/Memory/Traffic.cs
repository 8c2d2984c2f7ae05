using System.Globalization;
using System.Text;

namespace Waffle.WebSockets.Bench.Memory;

/// <summary>What each connection sends, and gets back, before the memory is looked at.</summary>
internal sealed record Traffic(string Name, int Messages, int Length)
{
    public static readonly Traffic[] All =
    [
        new("nothing", 0, 0),
        new("one message of 1 KiB", 1, 1024),
        new("100 messages of 1 KiB", 100, 1024),
        new("one message of 256 KiB", 1, 256 * 1024),
    ];

    /// <summary>JSON full of numbers, which compresses to about a third.</summary>
    public byte[] CreateMessage()
    {
        var random = new Random(1);
        var json = new StringBuilder();
        while (json.Length < Length)
        {
            json.Append(CultureInfo.InvariantCulture, $$"""{"id":{{random.Next(100_000)}},"x":{{random.Next(1000)}},"y":{{random.Next(1000)}},"state":"moving"},""");
        }

        return Encoding.ASCII.GetBytes(json.ToString(0, Length));
    }
}
