namespace Waffle.WebSockets.ConformanceTests;

/// <summary>A line of the totals: keywords that bind, keywords that advise, rows, those for a server, and those whose tests all exist.</summary>
internal sealed record ConformanceTotals(string Section, int Duties, int Advice, int Rows, int ConcerningAServer, int Tested)
{
    public static ConformanceTotals Count(string section, IReadOnlyCollection<ConformanceRow> rows) => new(
        section,
        rows.Count(row => row.IsDuty),
        rows.Count(row => row.IsAdvice),
        rows.Count,
        rows.Count(row => row.ConcernsAServer),
        rows.Count(row => row.IsTested));

    /// <summary>The line as it stands in the document.</summary>
    public override string ToString() => $"| {Section} | {Duties} | {Advice} | {Rows} | {ConcerningAServer} | {Tested} |";
}
