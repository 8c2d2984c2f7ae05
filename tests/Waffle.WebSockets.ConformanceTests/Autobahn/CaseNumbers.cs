using System.Globalization;
using System.Reflection;

namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>All of Autobahn's cases are here, each once, and none is skipped.</summary>
public sealed class CaseNumbers
{
    // As Autobahn's own list has them. Where a group has no subgroups, its number stands alone.
    private static readonly (string Prefix, int Cases)[] _expected =
    [
        ("1.1", 8), ("1.2", 8),
        ("2", 11),
        ("3", 7),
        ("4.1", 5), ("4.2", 5),
        ("5", 20),
        ("6.1", 3), ("6.2", 4), ("6.3", 2), ("6.4", 4), ("6.5", 5), ("6.6", 11), ("6.7", 4), ("6.8", 2), ("6.9", 4), ("6.10", 3),
        ("6.11", 5), ("6.12", 8), ("6.13", 5), ("6.14", 10), ("6.15", 1), ("6.16", 3), ("6.17", 5), ("6.18", 5), ("6.19", 5),
        ("6.20", 7), ("6.21", 8), ("6.22", 34), ("6.23", 7),
        ("7.1", 6), ("7.3", 6), ("7.5", 1), ("7.7", 13), ("7.9", 9), ("7.13", 2),
        ("9.1", 6), ("9.2", 6), ("9.3", 9), ("9.4", 9), ("9.5", 6), ("9.6", 6), ("9.7", 6), ("9.8", 6),
        ("10.1", 1),
        ("12.1", 18), ("12.2", 18), ("12.3", 18), ("12.4", 18), ("12.5", 18),
        ("13.1", 18), ("13.2", 18), ("13.3", 18), ("13.4", 18), ("13.5", 18), ("13.6", 18), ("13.7", 18),
    ];

    // The first argument of each row of each theory in this folder.
    private static IEnumerable<string> Found =>
        from type in typeof(CaseNumbers).Assembly.GetTypes()
        where type.Namespace == typeof(CaseNumbers).Namespace
        from method in type.GetMethods()
        where method.GetCustomAttribute<TheoryAttribute>() is { Skip: null }
        let data = type.GetProperty(method.GetCustomAttribute<MemberDataAttribute>()!.MemberName)!
        from row in (IEnumerable<ITheoryDataRow>)data.GetValue(null)!
        where row.Skip is null
        select (string)row.GetData()[0]!;

    private static IEnumerable<(int Number, int Cases)> Groups =>
        from id in Found
        group id by int.Parse(id.AsSpan(0, id.IndexOf('.')), CultureInfo.InvariantCulture) into cases
        orderby cases.Key
        select (cases.Key, cases.Count());

    [Fact]
    public void Every_case_of_Autobahns_is_a_test()
    {
        var expected =
            from part in _expected
            from number in Enumerable.Range(1, part.Cases)
            select $"{part.Prefix}.{number}";

        Assert.Equal(expected.Order(StringComparer.Ordinal), Found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void There_are_517_cases()
    {
        var counts = string.Join(", ", Groups.Select(group => $"group {group.Number}: {group.Cases}"));
        TestContext.Current.SendDiagnosticMessage($"Autobahn's cases: {counts}; together {Groups.Sum(group => group.Cases)}");

        Assert.Equal([(1, 16), (2, 11), (3, 7), (4, 10), (5, 20), (6, 145), (7, 37), (9, 54), (10, 1), (12, 90), (13, 126)], Groups);
    }

    [Fact]
    public void The_page_counts_the_same()
    {
        var rows = DocumentTable.ReadRows("docs/testing.md").Where(row => row.Length == 3 && int.TryParse(row[0], out _)).ToList();

        Assert.Equal(Groups.Select(group => $"{group.Number}: {group.Cases}"), rows.Select(row => $"{row[0]}: {row[2]}"));
    }
}
