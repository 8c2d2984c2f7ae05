using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>docs/coming-from-waffle.md names only what there is: tests, public members and files.</summary>
public sealed partial class ComingFromWaffleTable
{
    private const string Document = "docs/coming-from-waffle.md";

    private const string Mutations = "docs/testing.md";

    private static readonly string[][] _rows = [.. ReadRows(Document).Where(cells => cells[0] is not ("Go" or "what happens there"))];

    private static readonly Type[] _exported = [.. typeof(WebSocketConnection).Assembly.GetExportedTypes(), .. typeof(CloseCode).Assembly.GetExportedTypes()];

    [Fact]
    public void Every_test_that_the_table_names_exists() => NamedTests.AssertExist(Document, _rows.SelectMany(row => NamedTests.In(row[^1])));

    [Fact]
    public void Every_row_has_all_its_cells_and_names_tests()
    {
        Assert.NotEmpty(_rows);
        Assert.All(_rows, row => Assert.True(
            row.Length is 3 or 4 && row.All(cell => cell.Length > 0) && NamedTests.In(row[^1]).Count > 0,
            $"{Document}: none of the 4 cells (3 for faults) is empty, and the last one names tests: {string.Join(" | ", row)}"));
    }

    [Fact]
    public void Every_test_was_seen_to_fail()
    {
        string[] seen = [.. ReadRows(Mutations).Where(cells => cells is [not "member", _, _, "fails" or "crashes" or "ends at the time limit"])
            .SelectMany(cells => NamedTests.In(cells[2]))];
        NamedTests.AssertExist(Mutations, seen);

        string[] unseen = [.. _rows.SelectMany(row => NamedTests.In(row[^1])).Distinct().Except(seen)];
        Assert.True(
            unseen.Length == 0,
            $"Break what each of these tests proves, see it fail, and list it in {Mutations}: {string.Join(", ", unseen)}");
    }

    [Fact]
    public void Everything_that_is_said_to_be_here_is_here()
    {
        string[] names = [.. _rows.Where(row => row.Length == 4).SelectMany(row => Code().Matches(row[1])).Select(match => match.Groups["name"].Value)];
        Assert.NotEmpty(names);

        string[] missing = [.. names.Distinct().Where(name => !IsHere(name))];
        Assert.True(
            missing.Length == 0,
            $"{Document} names what is neither public (Type, Type.Member, or Type.Method of an extension method) nor a file: {string.Join(", ", missing)}");
    }

    private static bool IsHere(string name)
    {
        if (name.Contains('/'))
        {
            return File.Exists(Path.Combine(RepositoryFolder.Path, name));
        }

        string type = name.Split('.')[0];
        string? member = name.Split('.').ElementAtOrDefault(1);
        return _exported.Any(candidate => NameOf(candidate) == type && (member is null || HasMember(candidate, member)))
            || _exported.SelectMany(candidate => candidate.GetMethods(BindingFlags.Public | BindingFlags.Static)).Any(method =>
                method.IsDefined(typeof(ExtensionAttribute)) && method.Name == member && method.GetParameters()[0].ParameterType.Name == type);
    }

    private static bool HasMember(Type type, string name) => name == NameOf(type) ? type.GetConstructors().Length > 0 : type.GetMember(name).Length > 0;

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    // All lines of tables but those under their heads.
    private static IEnumerable<string[]> ReadRows(string document) =>
        from line in File.ReadLines(Path.Combine(RepositoryFolder.Path, document))
        where line.StartsWith('|')
        let cells = line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()
        where !cells[0].StartsWith("--", StringComparison.Ordinal)
        select cells;

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Code();
}
