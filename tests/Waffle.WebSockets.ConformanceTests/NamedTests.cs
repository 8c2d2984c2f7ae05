using System.Reflection;
using System.Text.RegularExpressions;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>
/// The tests that a document names in a cell of a table. Looks them up by their full names: by reflection in this assembly, in the source of the
/// other test projects.
/// </summary>
internal static partial class NamedTests
{
    private static readonly Assembly _own = typeof(NamedTests).Assembly;

    private static readonly Type[] _ofDocuments =
    [
        typeof(CasesTable), typeof(ComingFromWaffleTable), typeof(ConformanceTable), typeof(HostileInputTable), typeof(LimitsTable),
        typeof(ReliabilityTable),
    ];

    private static readonly Lazy<IReadOnlyList<string>> _otherSources = new(ReadOtherSources);

    /// <summary>All tests of this project but those of the documents themselves and Autobahn's cases, which have a list of their own.</summary>
    public static IEnumerable<string> OfThisProject =>
        from type in _own.GetTypes()
        where !_ofDocuments.Contains(type) && type.Namespace != typeof(Autobahn.CaseNumbers).Namespace
        from method in type.GetMethods()
        where method.IsDefined(typeof(FactAttribute))
        select $"{type.FullName}.{method.Name}";

    /// <summary>The full names of all methods of the other test projects whose name begins with a case's number.</summary>
    public static IEnumerable<string> OfCases =>
        from text in _otherSources.Value
        let name = NamespaceLine().Match(text).Groups[1].Value
        let type = TypeLine().Match(text).Groups[1].Value
        from Match method in CaseMethod().Matches(text)
        select $"{name}.{type}.{method.Groups[1].Value}";

    /// <summary>The full names in a cell: in backticks, with commas between them.</summary>
    public static IReadOnlyList<string> In(string cell) => [.. cell.Split(',').Select(name => name.Trim(' ', '`')).Where(name => name.Length > 0)];

    /// <summary>Fails if a row has another number of cells, an empty one, or no test in its last.</summary>
    public static void AssertNamedByEach(string document, IEnumerable<string[]> rows, int columns) => Assert.All(rows, row => Assert.True(
        row.Length == columns && row.All(cell => cell.Length > 0) && In(row[^1]).Count > 0,
        $"{document}: a row has {columns} cells, none of them empty, and the last one names tests: {string.Join(" | ", row)}"));

    /// <summary>Fails if one of the names is that of no test; says what to do in which document.</summary>
    public static void AssertExist(string document, IEnumerable<string> fullNames)
    {
        string[] missing = [.. fullNames.Distinct().Where(name => !Exists(name))];

        Assert.True(
            missing.Length == 0,
            $"""
            {document} names {missing.Length} tests that do not exist, are skipped or are not public. If one was renamed,
            rename it in its rows, too; if one was removed, write another that holds us to the same, and name that:
            {string.Join('\n', missing)}
            """);
    }

    public static bool Exists(string fullName)
    {
        string[] parts = fullName.Split('.');
        if (parts.Length < 3)
        {
            return false;
        }

        string method = parts[^1];
        string type = string.Join('.', parts[..^1]);
        return type.StartsWith($"{_own.GetName().Name}.", StringComparison.Ordinal)
            ? ExistsHere(type, method)
            : ExistsInSource(@namespace: string.Join('.', parts[..^2]), type: parts[^2], method);
    }

    // A skipped test holds nobody to anything, so it does not count.
    private static bool ExistsHere(string type, string method) =>
        _own.GetType(type) is { IsPublic: true, IsAbstract: false } found
        && found.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
            .Any(candidate => candidate.Name == method && candidate.GetCustomAttribute<FactAttribute>() is { Skip: null });

    private static bool ExistsInSource(string @namespace, string type, string method)
    {
        Regex namespaceLine = new($@"^namespace {Regex.Escape(@namespace)};", RegexOptions.Multiline);
        Regex typeLine = new($@"^public .*\bclass {Regex.Escape(type)}\b", RegexOptions.Multiline);
        // From the attribute to its method without another member in between; a skipped test does not count here either.
        Regex testMethod = new(
            @"\[(?:Fact|Theory)\b(?!\(Skip)(?:(?!\n    (?:public|private|internal)\b)[\s\S])*"
            + $@"\n    public [^\n=]*\b{Regex.Escape(method)}\(");
        return _otherSources.Value.Any(text => namespaceLine.IsMatch(text) && typeLine.IsMatch(text) && testMethod.IsMatch(text));
    }

    private static List<string> ReadOtherSources()
    {
        string folder = Path.Combine(RepositoryFolder.Path, "tests");
        string own = Path.Combine(folder, _own.GetName().Name!);
        return
        [
            .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.StartsWith($"{own}{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                .Select(file => File.ReadAllText(file).ReplaceLineEndings("\n")),
        ];
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^public .*\bclass (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^    public [^\n=(]*\b(C\d{2,3}_\w+)\(", RegexOptions.Multiline)]
    private static partial Regex CaseMethod();
}
