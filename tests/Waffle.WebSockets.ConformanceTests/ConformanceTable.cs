using System.Text.RegularExpressions;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>The pages of conformance are kept by hand; each failure here tells what to change in them.</summary>
public sealed partial class ConformanceTable(ITestOutputHelper output)
{
    private static readonly ConformanceRow[] _rows = [.. ConformanceDocument.All.SelectMany(document => document.Rows)];

    public static TheoryData<int> Rfcs => [.. RfcKeywords.Rfcs];

    [Fact]
    public void Every_test_that_the_tables_name_exists() =>
        NamedTests.AssertExist(ConformanceDocument.Overview, _rows.SelectMany(row => row.Tests));

    [Fact]
    public void Every_test_of_this_project_is_named_by_a_row()
    {
        HashSet<string> named = [.. _rows.SelectMany(row => row.Tests)];
        string[] unnamed = [.. NamedTests.OfThisProject.Where(name => !named.Contains(name))];

        Assert.True(
            unnamed.Length == 0,
            $"""
            No row of {ConformanceDocument.Overview} and its pages names these {unnamed.Length} tests. Add each, by class and method and in
            backticks, to the last column of the row that it holds us to; a test of anything else than these RFCs belongs to
            Waffle.WebSockets.Tests:
            {string.Join('\n', unnamed)}
            """);
    }

    [Fact]
    public void Rows_for_a_server_name_a_test_and_all_others_say_that_they_are_not_a_servers()
    {
        Assert.NotEmpty(_rows);
        foreach (ConformanceRow row in _rows)
        {
            Assert.True(
                row.Who is "server" or "client" or "both" or "other",
                $"{row.Id}: `who` must be server, client, both or other, and is {row.Who}.");
            bool isOurs = row.Who is "server" or "both";
            Assert.True(
                isOurs == row.ConcernsAServer && isOurs == row.Tests.Count > 0,
                $"{row.Id}: it is for {row.Who}, so its last column must {(isOurs ? "name tests" : "begin with \"not a server's\"")}.");
        }
    }

    [Fact]
    public void No_two_rows_have_the_same_id()
    {
        string[] twice = [.. _rows.GroupBy(row => row.Id).Where(same => same.Count() > 1).Select(same => same.Key)];

        Assert.True(
            twice.Length == 0,
            $"Add a letter to the id of each row of the same paragraph, as in 6455-5.1-p1a and 6455-5.1-p1b: {string.Join(", ", twice)}");
    }

    [Fact]
    public void Every_row_that_another_row_speaks_of_exists()
    {
        string[] missing =
        [
            .. from document in ConformanceDocument.All
               let ids = document.Rows.Select(row => row.LocalId).ToHashSet()
               from row in document.Rows
               from Match reference in LocalId().Matches($"{row.Text} {row.TestCell}")
               where !ids.Contains(reference.Value)
               select $"{row.Id} speaks of {reference.Value}",
        ];

        Assert.True(missing.Length == 0, string.Join('\n', missing));
    }

    [Theory]
    [MemberData(nameof(Rfcs))]
    public void Each_keyword_of_the_RFC_has_one_row(int rfc)
    {
        ConformanceDocument document = ConformanceDocument.All.Single(page => page.Rfc == rfc);
        IReadOnlyDictionary<string, string> wanted = RfcKeywords.Of(rfc);
        Dictionary<string, string> counted = RfcKeywords.Count(document.Rows);
        string[] wrong =
        [
            .. from section in wanted.Keys.Union(counted.Keys)
               let inRfc = wanted.GetValueOrDefault(section, "none")
               let inRows = counted.GetValueOrDefault(section, "none")
               where inRfc != inRows
               select $"{document.Path}, section {section}: the RFC has {inRfc}, the rows have {inRows}",
        ];

        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Rfcs))]
    public void The_totals_at_the_head_agree_with_the_rows(int rfc)
    {
        ConformanceDocument document = ConformanceDocument.All.Single(page => page.Rfc == rfc);
        ConformanceTotals[] counted =
        [
            .. document.Rows.GroupBy(row => row.Section).Select(section => ConformanceTotals.Count(section.Key, [.. section])),
            ConformanceTotals.Count(ConformanceDocument.Sum, document.Rows),
        ];
        string lines = string.Join('\n', counted.AsEnumerable());
        output.WriteLine(lines);

        Assert.True(
            counted.SequenceEqual(document.Totals),
            $"The totals in {document.Path} do not agree with its rows. Check the rows; then put these lines in their place:\n{lines}");
    }

    [Fact]
    public void The_overview_has_the_sum_of_each_page()
    {
        string page = File.ReadAllText(Path.Combine(RepositoryFolder.Path, ConformanceDocument.Overview));
        foreach (ConformanceDocument document in ConformanceDocument.All)
        {
            string line = $"{ConformanceTotals.Count($"[{document.Rfc}](conformance-rfc{document.Rfc}.md)", document.Rows)}";
            Assert.True(page.Contains(line, StringComparison.Ordinal), $"{ConformanceDocument.Overview} must have this line: {line}");
        }
    }

    // Not the end of a test's name, nor an id in full.
    [GeneratedRegex(@"(?<![\w.-])\d+(\.\d+)*-p\d+[a-z]?")]
    private static partial Regex LocalId();
}
