using System.Globalization;
using System.Text.RegularExpressions;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>A page of conformance to one RFC as data. A cell that cannot be read is an error, so that no row is silently left out.</summary>
internal sealed partial class ConformanceDocument
{
    public const string Sum = "sum";

    /// <summary>The page that tells how to read the others, and has their sums.</summary>
    public const string Overview = "docs/conformance.md";

    private ConformanceDocument(int rfc, IReadOnlyList<ConformanceRow> rows, IReadOnlyList<ConformanceTotals> totals)
    {
        Rfc = rfc;
        Rows = rows;
        Totals = totals;
    }

    public static IReadOnlyList<ConformanceDocument> All { get; } = [.. RfcKeywords.Rfcs.Select(Load)];

    public int Rfc { get; }

    public string Path => PathOf(Rfc);

    public IReadOnlyList<ConformanceRow> Rows { get; }

    public IReadOnlyList<ConformanceTotals> Totals { get; }

    private static string PathOf(int rfc) => $"docs/conformance-rfc{rfc}.md";

    private static ConformanceDocument Load(int rfc)
    {
        List<ConformanceRow> rows = [];
        List<ConformanceTotals> totals = [];
        foreach (var cells in DocumentTable.ReadRows(PathOf(rfc)))
        {
            if (cells.Length == 5 && RowId().Match(cells[0]) is { Success: true } id && id.Groups["rfc"].Value == $"{rfc}")
            {
                rows.Add(new ConformanceRow(cells[0], cells[1], cells[2], ReadKeyword(cells[3]), cells[4]));
            }
            else if (cells.Length == 6 && (cells[0] == Sum || SectionNumber().IsMatch(cells[0])))
            {
                int[] counts = [.. cells[1..].Select(cell => int.Parse(cell, CultureInfo.InvariantCulture))];
                totals.Add(new ConformanceTotals(cells[0], counts[0], counts[1], counts[2], counts[3], counts[4]));
            }
            else
            {
                throw new FormatException($"{PathOf(rfc)}: neither a requirement nor a line of the totals: {string.Join(" | ", cells)}");
            }
        }

        return new ConformanceDocument(rfc, rows, totals);
    }

    private static string? ReadKeyword(string cell) =>
        cell is "–" ? null
        : Keyword().IsMatch(cell) ? cell
        : throw new FormatException($"Not a keyword: {cell}");

    [GeneratedRegex(@"^(?<rfc>\d+)-\d+(\.\d+)*-p\d+[a-z]?$")]
    private static partial Regex RowId();

    [GeneratedRegex(@"^\d+(\.\d+)*$")]
    private static partial Regex SectionNumber();

    [GeneratedRegex("^((MUST|SHALL|SHOULD)( NOT)?|REQUIRED|(NOT )?RECOMMENDED)$")]
    private static partial Regex Keyword();
}
