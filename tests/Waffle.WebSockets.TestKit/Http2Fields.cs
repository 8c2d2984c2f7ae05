using System.Globalization;
using System.Text;

namespace Waffle.WebSockets.TestKit;

/// <summary>As much of HPACK (RFC 7541) as a hand-made peer needs: literal fields out, a status in.</summary>
internal static class Http2Fields
{
    // RFC 7541 appendix A: the static table's entries 8 to 14.
    private static readonly int[] _indexedStatus = [200, 204, 206, 304, 400, 404, 500];

    /// <summary>Each field as a literal without indexing, its name written out.</summary>
    public static byte[] Encode(IEnumerable<(string Name, string Value)> fields)
    {
        var bytes = new List<byte>();
        foreach (var (name, value) in fields)
        {
            bytes.Add(0);
            Add(bytes, name);
            Add(bytes, value);
        }

        return [.. bytes];
    }

    /// <summary>The status, which is an answer's first field.</summary>
    public static int DecodeStatus(ReadOnlySpan<byte> block)
    {
        const int FirstIndex = 8;
        if (block[0] >= 0x80)
        {
            return _indexedStatus[(block[0] & 0x7F) - FirstIndex];
        }

        // A literal whose name is that of an indexed status; in Huffman's code or not.
        var value = block.Slice(2, block[1] & 0x7F);
        return block[1] < 0x80
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : throw new NotSupportedException("The status is in Huffman's code.");
    }

    private static void Add(List<byte> bytes, string text)
    {
        // A longer one would need a prefix integer of two bytes.
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(text.Length, 0x7F);
        bytes.Add((byte)text.Length);
        bytes.AddRange(Encoding.ASCII.GetBytes(text));
    }
}
