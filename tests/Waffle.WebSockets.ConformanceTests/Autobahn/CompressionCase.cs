namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>Messages of one length, compressed, in fragments or whole.</summary>
/// <param name="Source">Where the messages come from.</param>
/// <param name="Offers">What the client offers, what it likes best first.</param>
/// <param name="Length">How long a message is: characters of text, or bytes.</param>
/// <param name="FragmentLength">How long a fragment of the compressed message may be, in bytes.</param>
internal sealed record CompressionCase(CompressionTestSource Source, IReadOnlyList<DeflateOffer> Offers, int Length, int FragmentLength)
{
    private const int Whole = int.MaxValue;
    private const int Messages = 1_000;

    // What a case sends to an endpoint unless it is run in full.
    private const int Budget = 2 * 1024 * 1024;

    private static readonly int? _messagesAskedFor =
        int.TryParse(Environment.GetEnvironmentVariable("AUTOBAHN_MESSAGES"), out var messages) ? messages : null;

    /// <summary>The lengths of messages and of fragments, in the order of the last part of a case's number.</summary>
    public static IReadOnlyList<(int Length, int FragmentLength)> Sizes { get; } =
    [
        (16, Whole), (64, Whole), (256, Whole), (1_024, Whole), (4_096, Whole),
        (8_192, Whole), (16_384, Whole), (32_768, Whole), (65_536, Whole), (131_072, Whole),
        (8_192, 256), (16_384, 256), (32_768, 256), (65_536, 256), (131_072, 256), (131_072, 1_024), (131_072, 4_096), (131_072, 32_768),
    ];

    /// <summary>How many messages are sent: 1,000 as by Autobahn, of the longer ones fewer, unless the environment says how many.</summary>
    public int MessageCount => _messagesAskedFor ?? Math.Min(Budget / Length, Messages);

    /// <summary>The numbers of all cases of a group, with the number of the subgroup and the index of the size.</summary>
    public static TheoryData<string, int, int> Rows(int group, int subgroups) => new(
        from subgroup in Enumerable.Range(0, subgroups)
        from size in Enumerable.Range(0, Sizes.Count)
        select ($"{group}.{subgroup + 1}.{size + 1}", subgroup, size));
}
