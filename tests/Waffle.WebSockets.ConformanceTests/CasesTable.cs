namespace Waffle.WebSockets.ConformanceTests;

/// <summary>docs/cases.md is kept by hand, too: each case once, in the order of their numbers, with tests that exist.</summary>
public sealed class CasesTable
{
    private const string Document = "docs/cases.md";
    private const int Columns = 4;

    // Whoever adds a case adds its number here, so that no row can get lost in silence.
    private static readonly int[] _cases =
    [
        2, 3, 4, 5, 7, 9, 10, 11, 13, 16, 17, 18, 19, 21, 22, 23, 24, 27, 29, 31, 32, 34, 35, 37, 38, 40, 42, 43, 44, 45, 49, 51, 52, 53,
        55, 56, 57, 59, 60, 61, 64, 65, 67, 68, 69, 71, 73, 74, 75, 76, 78, 79, 81, 83, 84, 85, 86, 88, 90, 91, 92, 95, 96, 97, 99,
    ];

    private static readonly IReadOnlyList<string[]> _rows = DocumentTable.ReadRows(Document);

    [Fact]
    public void Every_case_has_one_row() => Assert.Equal(_cases.Select(number => $"C{number:D2}"), _rows.Select(row => row[0]));

    [Fact]
    public void Every_row_tells_case_input_result_and_test() => NamedTests.AssertNamedByEach(Document, _rows, Columns);

    [Fact]
    public void Every_test_that_the_table_names_exists() => NamedTests.AssertExist(Document, _rows.SelectMany(row => NamedTests.In(row[^1])));

    [Fact]
    public void Every_test_whose_name_begins_with_a_number_stands_in_its_row()
    {
        string[] missing = [.. NamedTests.OfCases.Where(name => !_rows.Any(row => row[0] == CaseOf(name) && NamedTests.In(row[^1]).Contains(name)))];

        Assert.NotEmpty(NamedTests.OfCases);
        Assert.True(
            missing.Length == 0,
            $"{Document}: add these {missing.Length} tests to the rows of their cases, by full name and in backticks:\n{string.Join('\n', missing)}");

        static string CaseOf(string fullName)
        {
            string method = fullName[(fullName.LastIndexOf('.') + 1)..];
            return method[..method.IndexOf('_')];
        }
    }
}
