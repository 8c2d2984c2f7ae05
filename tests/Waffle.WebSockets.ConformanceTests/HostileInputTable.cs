namespace Waffle.WebSockets.ConformanceTests;

/// <summary>docs/hostile-input.md is kept by hand, too: each of its rows is held by tests that exist.</summary>
public sealed class HostileInputTable
{
    private const string Document = "docs/hostile-input.md";
    private const int Columns = 4;

    private static readonly IReadOnlyList<string[]> _rows = DocumentTable.ReadRows(Document);

    [Fact]
    public void Every_test_that_the_table_names_exists() => NamedTests.AssertExist(Document, _rows.SelectMany(row => NamedTests.In(row[^1])));

    [Fact]
    public void Every_row_tells_input_answer_bound_and_test()
    {
        Assert.NotEmpty(_rows);
        NamedTests.AssertNamedByEach(Document, _rows, Columns);
    }
}
