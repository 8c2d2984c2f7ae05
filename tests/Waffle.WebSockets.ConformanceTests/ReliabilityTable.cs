namespace Waffle.WebSockets.ConformanceTests;

/// <summary>docs/reliability.md is kept by hand, too: each promise and each fault is held by tests that exist.</summary>
public sealed class ReliabilityTable
{
    private const string Document = "docs/reliability.md";
    private const int ColumnsOfPromises = 3;
    private const int ColumnsOfFaults = 4;

    // Whoever adds a promise counts it here, so that no row can get lost in silence.
    private const int Promises = 15;

    private static readonly IReadOnlyList<string[]> _rows = DocumentTable.ReadRows(Document);

    [Fact]
    public void Every_test_that_the_tables_name_exists() => NamedTests.AssertExist(Document, _rows.SelectMany(row => NamedTests.In(row[^1])));

    [Fact]
    public void Every_promise_tells_its_bound_and_its_tests() => NamedTests.AssertNamedByEach(Document, _rows.Take(Promises), ColumnsOfPromises);

    [Fact]
    public void Every_fault_tells_what_happens_the_bound_and_the_tests()
    {
        Assert.True(_rows.Count > Promises);
        NamedTests.AssertNamedByEach(Document, _rows.Skip(Promises), ColumnsOfFaults);
    }
}
