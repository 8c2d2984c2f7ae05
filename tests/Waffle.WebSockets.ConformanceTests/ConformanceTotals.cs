namespace Waffle.WebSockets.ConformanceTests;

/// <summary>A line of the totals: keywords in the RFC, rows, those that concern a server, and those whose tests all exist.</summary>
internal sealed record ConformanceTotals(string Section, int Keywords, int Rows, int ConcerningAServer, int Tested)
{
    public static ConformanceTotals Count(string section, IReadOnlyCollection<ConformanceRow> rows) =>
        new(section, rows.Sum(row => row.Keywords), rows.Count, rows.Count(row => row.ConcernsAServer), rows.Count(row => row.IsTested));

    /// <summary>The line as it stands in the document.</summary>
    public override string ToString() => $"| {Section} | {Keywords} | {Rows} | {ConcerningAServer} | {Tested} |";
}
