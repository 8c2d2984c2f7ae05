namespace Waffle.WebSockets.ConformanceTests;

/// <summary>docs/conformance.md is kept by hand; each failure here tells what to change in it.</summary>
public sealed class ConformanceTable(ITestOutputHelper output)
{
    private static readonly ConformanceDocument _document = ConformanceDocument.Load();

    [Fact]
    public void Every_test_that_the_table_names_exists() =>
        NamedTests.AssertExist("docs/conformance.md", _document.Rows.SelectMany(row => row.Tests));

    [Fact]
    public void Every_test_of_this_project_is_named_by_a_row()
    {
        HashSet<string> named = [.. _document.Rows.SelectMany(row => row.Tests)];
        string[] unnamed = [.. NamedTests.OfThisProject.Where(name => !named.Contains(name))];

        Assert.True(
            unnamed.Length == 0,
            $"""
            No row of docs/conformance.md names these {unnamed.Length} tests. Add each, by its full name and in backticks, to the
            last column of the row that it holds us to; a test of anything else than RFC 6455 belongs to Waffle.WebSockets.Tests:
            {string.Join('\n', unnamed)}
            """);
    }

    [Fact]
    public void Rows_for_a_server_name_a_test_and_all_others_say_that_they_are_not_a_servers()
    {
        Assert.NotEmpty(_document.Rows);
        foreach (ConformanceRow row in _document.Rows)
        {
            Assert.True(
                row.Who is "server" or "client" or "both" or "other",
                $"docs/conformance.md, {row.Id}: `who` must be server, client, both or other, and is {row.Who}.");
            bool isOurs = row.Who is "server" or "both";
            Assert.True(
                isOurs == row.ConcernsAServer && isOurs == row.Tests.Count > 0,
                $"docs/conformance.md, {row.Id}: it is for {row.Who}, so its last column must "
                + $"{(isOurs ? "name tests" : "begin with \"not a server's\"")}.");
        }
    }

    [Fact]
    public void No_two_rows_have_the_same_id()
    {
        string[] twice = [.. _document.Rows.GroupBy(row => row.Id).Where(same => same.Count() > 1).Select(same => same.Key)];

        Assert.True(
            twice.Length == 0,
            "docs/conformance.md: add a letter to the id of each row of the same paragraph, as in 5.1-p1a and 5.1-p1b: "
            + $"{string.Join(", ", twice)}");
    }

    [Fact]
    public void The_totals_at_the_head_agree_with_the_rows()
    {
        ConformanceTotals[] counted =
        [
            .. _document.Rows.GroupBy(row => row.Section).Select(section => ConformanceTotals.Count(section.Key, [.. section])),
            ConformanceTotals.Count(ConformanceDocument.Sum, _document.Rows),
        ];
        string lines = string.Join('\n', counted.AsEnumerable());
        output.WriteLine(lines);

        Assert.True(
            counted.SequenceEqual(_document.Totals),
            "The totals in docs/conformance.md do not agree with its rows. Check the rows; then replace the lines of the totals by these:"
            + $"\n{lines}");
    }
}
