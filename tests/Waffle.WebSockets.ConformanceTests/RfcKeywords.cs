namespace Waffle.WebSockets.ConformanceTests;

/// <summary>
/// How often each word in capitals stands in each section of the RFCs, counted in their own text, so that a page that loses a row, or has
/// a word twice, is found out. The section that defines the words is left out, and so are those without any.
/// </summary>
internal static class RfcKeywords
{
    private static readonly Dictionary<int, Dictionary<string, string>> _bySection = new()
    {
        // The WebSocket Protocol
        [6455] = new()
        {
            ["3"] = "MUST 1, MUST NOT 1",
            ["4.1"] = "MUST 39, SHOULD 3",
            ["4.2.1"] = "MUST 1, SHOULD NOT 1",
            ["4.2.2"] = "MUST 8, MUST NOT 2",
            ["4.3"] = "MUST 1",
            ["4.4"] = "MUST 1",
            ["5.1"] = "MUST 3, MUST NOT 1",
            ["5.2"] = "MUST 10",
            ["5.3"] = "MUST 3, MUST NOT 1",
            ["5.4"] = "MUST 4, MUST NOT 6",
            ["5.5"] = "MUST 1, MUST NOT 1",
            ["5.5.1"] = "MUST 4, MUST NOT 2, SHOULD 2",
            ["5.5.2"] = "MUST 1, SHOULD 1",
            ["5.6"] = "MUST 1",
            ["5.8"] = "MUST 1",
            ["6.1"] = "MUST 8",
            ["6.2"] = "MUST 5",
            ["7.1.1"] = "SHOULD 4",
            ["7.1.2"] = "MUST 1, SHOULD 1",
            ["7.1.7"] = "MUST 2, MUST NOT 1, SHOULD 2, SHOULD NOT 1",
            ["7.2.1"] = "MUST 2, SHOULD NOT 1",
            ["7.2.2"] = "MUST 1",
            ["7.2.3"] = "SHOULD 3",
            ["7.3"] = "SHOULD NOT 1",
            ["7.4.1"] = "MUST NOT 3, SHOULD 1",
            ["8.1"] = "MUST 1",
            ["9"] = "MUST 1, MUST NOT 1",
            ["9.1"] = "MUST 4, MUST NOT 1",
            ["10.2"] = "SHOULD 2",
            ["10.3"] = "MUST 1",
            ["10.4"] = "MUST 1, SHOULD 1",
            ["10.6"] = "MUST 1, SHOULD 1",
            ["10.7"] = "MUST 1, SHOULD 2",
            ["11.1.1"] = "MUST 2",
            ["11.1.2"] = "MUST 2",
            ["11.3.1"] = "MUST NOT 1",
            ["11.3.2"] = "MUST NOT 1",
            ["11.3.3"] = "MUST NOT 1",
            ["11.3.4"] = "MUST NOT 1",
            ["11.3.5"] = "MUST NOT 1",
        },
        // Compression Extensions for WebSocket
        [7692] = new()
        {
            ["4"] = "MUST 2",
            ["5"] = "MUST 8, MUST NOT 3",
            ["6.1"] = "MUST 3, MUST NOT 1",
            ["6.2"] = "MUST 2",
            ["7"] = "MUST 2",
            ["7.1.1.1"] = "RECOMMENDED 1",
            ["7.1.1.2"] = "MUST 1",
            ["7.1.2.1"] = "MUST 2",
            ["7.1.2.2"] = "MUST 2, MUST NOT 1",
            ["7.2.1"] = "MUST 3, MUST NOT 4",
            ["7.2.2"] = "MUST 6",
            ["7.3"] = "RECOMMENDED 1",
        },
        // Bootstrapping WebSockets with HTTP/2
        [8441] = new()
        {
            ["3"] = "MUST 1, MUST NOT 1",
            ["4"] = "MUST 1, MUST NOT 1",
            ["5"] = "MUST 3, MUST NOT 1",
        },
    };

    public static IEnumerable<int> Rfcs => _bySection.Keys;

    /// <summary>By section: each word and how often it stands there.</summary>
    public static IReadOnlyDictionary<string, string> Of(int rfc) => _bySection[rfc];

    /// <summary>The same, counted in the rows of a page.</summary>
    public static Dictionary<string, string> Count(IEnumerable<ConformanceRow> rows) =>
        rows.Where(row => row.Keyword is not null).GroupBy(row => row.Section).ToDictionary(
            section => section.Key,
            section => string.Join(", ", section.GroupBy(row => row.Keyword!).OrderBy(same => same.Key, StringComparer.Ordinal)
                .Select(same => $"{same.Key} {same.Count()}")));
}
