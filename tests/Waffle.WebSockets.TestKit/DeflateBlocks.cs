using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.TestKit;

/// <summary>Compressed messages made by hand, where it matters what is in them.</summary>
public static class DeflateBlocks
{
    /// <summary>A message in stored blocks: then comes the beginning of the empty one whose tail is cut off.</summary>
    public static byte[] Stored(byte[] message) =>
    [
        .. message.Chunk(65_535).SelectMany(static chunk =>
            (byte[])[0, (byte)chunk.Length, (byte)(chunk.Length >> 8), (byte)~chunk.Length, (byte)(~chunk.Length >> 8), .. chunk]),
        0,
    ];

    /// <summary>A message that repeats the three bytes that lie so far back, in one match with the fixed codes.</summary>
    // Length 3 is the code 0000001, then come the distance's code of 5 bits and its extra bits; the end is 0000000.
    public static byte[] RepeatThree(int distance)
    {
        var code = Enumerable.Range(0, 30).Last(i => InflateTables.DistanceBases[i] <= distance);
        var bits = new List<bool> { false, true, false };
        bits.AddRange([false, false, false, false, false, false, true]);
        bits.AddRange(Enumerable.Range(0, 5).Select(i => ((code >> (4 - i)) & 1) == 1));
        var extra = distance - InflateTables.DistanceBases[code];
        bits.AddRange(Enumerable.Range(0, InflateTables.DistanceExtraBits[code]).Select(i => ((extra >> i) & 1) == 1));
        bits.AddRange(new bool[7 + 3]);
        var bytes = new byte[(bits.Count + 7) / 8];
        for (var i = 0; i < bits.Count; i++)
        {
            bytes[i / 8] |= (byte)(bits[i] ? 1 << (i % 8) : 0);
        }

        return bytes;
    }
}
