namespace Waffle.WebSockets.ConformanceTests;

/// <summary>docs/hostile-input.md is kept by hand, too: each of its rows is held by tests that exist.</summary>
public sealed class HostileInputTable
{
    private const string Document = "docs/hostile-input.md";
    private const int Columns = 4;

    private static readonly string[][] _rows = [.. ReadRows()];

    [Fact]
    public void Every_test_that_the_table_names_exists() => NamedTests.AssertExist(Document, _rows.SelectMany(row => NamedTests.In(row[^1])));

    [Fact]
    public void Every_row_tells_input_answer_bound_and_test()
    {
        Assert.NotEmpty(_rows);
        foreach (string[] row in _rows)
        {
            Assert.True(
                row.Length == Columns && row.All(cell => cell.Length > 0) && NamedTests.In(row[^1]).Count > 0,
                $"{Document}: a row has {Columns} cells, none of them empty, and the last one names tests: {string.Join(" | ", row)}");
        }
    }

    // All lines of tables but their heads and the lines under these.
    private static IEnumerable<string[]> ReadRows() =>
        from line in File.ReadLines(Path.Combine(RepositoryFolder.Path, "docs", "hostile-input.md"))
        where line.StartsWith('|')
        let cells = line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()
        where cells[0] != "input" && !cells[0].StartsWith("--", StringComparison.Ordinal)
        select cells;
}
