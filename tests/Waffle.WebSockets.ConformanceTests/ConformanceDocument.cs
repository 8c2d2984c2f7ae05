using System.Globalization;
using System.Text.RegularExpressions;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>docs/conformance.md as data. A cell that cannot be read is an error here, so that no row is silently left out.</summary>
internal sealed partial class ConformanceDocument
{
    public const string Sum = "sum";

    private ConformanceDocument(IReadOnlyList<ConformanceRow> rows, IReadOnlyList<ConformanceTotals> totals)
    {
        Rows = rows;
        Totals = totals;
    }

    public IReadOnlyList<ConformanceRow> Rows { get; }

    public IReadOnlyList<ConformanceTotals> Totals { get; }

    public static ConformanceDocument Load() =>
        Parse(File.ReadLines(Path.Combine(RepositoryFolder.Path, "docs", "conformance.md")));

    public static ConformanceDocument Parse(IEnumerable<string> lines)
    {
        List<ConformanceRow> rows = [];
        List<ConformanceTotals> totals = [];
        foreach (string line in lines.Where(line => line.StartsWith('|')))
        {
            string[] cells = [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];
            if (cells[0] is "id" or "section" || cells[0].StartsWith("--", StringComparison.Ordinal))
            {
                continue;
            }

            if (RowId().IsMatch(cells[0]) && cells.Length == 5)
            {
                rows.Add(new ConformanceRow(cells[0], cells[1], CountKeywords(cells[3]), cells[4]));
            }
            else if ((cells[0] == Sum || SectionNumber().IsMatch(cells[0])) && cells.Length == 5)
            {
                int[] counts = [.. cells[1..].Select(cell => int.Parse(cell, CultureInfo.InvariantCulture))];
                totals.Add(new ConformanceTotals(cells[0], counts[0], counts[1], counts[2], counts[3]));
            }
            else
            {
                throw new FormatException($"Neither a requirement nor a line of the totals: {line}");
            }
        }

        return new ConformanceDocument(rows, totals);
    }

    private static int CountKeywords(string cell) =>
        cell is "–" ? 0
        : Keyword().IsMatch(cell) ? 1
        : throw new FormatException($"Not a keyword: {cell}");

    [GeneratedRegex(@"^\d+(\.\d+)*-p\d+[a-z]?$")]
    private static partial Regex RowId();

    [GeneratedRegex(@"^\d+(\.\d+)*$")]
    private static partial Regex SectionNumber();

    [GeneratedRegex("^((MUST|SHALL)( NOT)?|REQUIRED)$")]
    private static partial Regex Keyword();
}
