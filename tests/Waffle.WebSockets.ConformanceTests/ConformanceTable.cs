namespace Waffle.WebSockets.ConformanceTests;

public sealed class ConformanceTable(ITestOutputHelper output)
{
    private static readonly ConformanceDocument _document = ConformanceDocument.Load();

    [Fact]
    public void Every_test_that_the_table_names_exists()
    {
        string[] missing = [.. _document.Rows.SelectMany(row => row.Tests).Distinct().Where(name => !NamedTests.Exists(name))];

        Assert.True(missing.Length == 0, $"{missing.Length} tests do not exist:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void Rows_for_a_server_name_a_test_and_all_others_say_that_they_are_not_a_servers()
    {
        Assert.NotEmpty(_document.Rows);
        foreach (ConformanceRow row in _document.Rows)
        {
            Assert.Contains(row.Who, new[] { "server", "client", "both", "other" });
            Assert.True(row.ConcernsAServer == row.Who is "server" or "both", $"{row.Id}: {row.Who}, but: {row.TestCell}");
            Assert.True(row.ConcernsAServer == row.Tests.Count > 0, $"{row.Id} concerns a server and names no test.");
        }
    }

    [Fact]
    public void No_two_rows_have_the_same_id() =>
        Assert.Equal(_document.Rows.Count, _document.Rows.Select(row => row.Id).Distinct().Count());

    [Fact]
    public void The_totals_at_the_head_agree_with_the_rows()
    {
        ConformanceTotals[] counted =
        [
            .. _document.Rows.GroupBy(row => row.Section).Select(section => ConformanceTotals.Count(section.Key, [.. section])),
            ConformanceTotals.Count(ConformanceDocument.Sum, _document.Rows),
        ];
        foreach (ConformanceTotals section in counted)
        {
            output.WriteLine(section.ToString());
        }

        Assert.Equal(counted, _document.Totals);
    }
}
