using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Waffle.WebSockets.Diagnostics;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>docs/limits.md is kept by hand, too: its names are those that are counted, its defaults those of the code, its tests exist.</summary>
public sealed partial class LimitsTable
{
    private const string Document = "docs/limits.md";
    private const int Columns = 6;
    private const string None = "–";

    private static readonly IReadOnlyList<string[]> _rows = DocumentTable.ReadRows(Document);

    private static readonly object[] _options =
    [
        new WebSocketConnectionOptions(), new WebSocketEndpointOptions(), new WebSocketHubOptions(), new MessageRouteOptions(),
        new KestrelServerLimits(), new KestrelServerLimits().Http2,
    ];

    [Fact]
    public void Every_test_that_the_table_names_exists() => NamedTests.AssertExist(Document, _rows.SelectMany(row => NamedTests.In(row[^1])));

    [Fact]
    public void Every_row_tells_limit_default_option_answer_metric_and_test()
    {
        Assert.NotEmpty(_rows);
        Assert.All(_rows, row => Assert.True(
            row.Length == Columns && row.All(cell => cell.Length > 0) && NamedTests.In(row[^1]).Count > 0,
            $"{Document}: a row has {Columns} cells, none of them empty, and the last one names tests: {string.Join(" | ", row)}"));
    }

    [Fact]
    public void The_names_are_those_that_the_metric_can_have() => Assert.Equal(
        Limits.All.Select(limit => limit.Name).Order(StringComparer.Ordinal),
        _rows.Where(row => row[4] != None).Select(row => row[4].Trim('`')).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_default_is_that_of_the_code() => Assert.All(
        _rows, row => Assert.Equal(row[1], string.Join(", ", NamedTests.In(row[2]).Select(name => Describe(Find(name))))));

    [Fact]
    public void Each_name_has_the_option_that_its_line_in_the_log_names()
    {
        foreach (string[] row in _rows.Where(row => row[4] != None))
        {
            Limit limit = Limits.All.Single(limit => limit.Name == row[4].Trim('`'));
            string name = NamedTests.In(row[2])[0];
            string? option = IsOption(name) ? name[(name.IndexOf('.') + 1)..] : null;

            Assert.Equal(option, limit.Option);
            Assert.True(option is null || JsonNamingPolicy.SnakeCaseLower.ConvertName(option) == limit.Name, limit.Name);
        }
    }

    [Fact]
    public void Names_are_words_of_small_letters() => Assert.All(Limits.All, limit => Assert.Matches(Name(), limit.Name));

    private static bool IsOption(string name) => _options.Any(options => options.GetType().Name == name[..name.IndexOf('.')]);

    private static object Find(string name)
    {
        string[] parts = name.Split('.');
        object? options = _options.SingleOrDefault(options => options.GetType().Name == parts[0]);
        object? value = options is not null
            ? options.GetType().GetProperty(parts[1])?.GetValue(options)
            : new[] { typeof(Limits).Assembly, typeof(CloseCode).Assembly }.SelectMany(static library => library.GetTypes()).Single(type => type.Name == parts[0])
                .GetField(parts[1], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(null);
        return value ?? throw new InvalidOperationException($"{Document}: there is no {name}.");
    }

    private static string Describe(object value) => value switch
    {
        0 => "off",
        int number => number.ToString(CultureInfo.InvariantCulture),
        TimeSpan time when time == TimeSpan.Zero => "off",
        TimeSpan time when time > TimeSpan.FromSeconds(60) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes} min"),
        TimeSpan time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s"),
        _ => throw new InvalidOperationException($"{value} is neither a number nor a time."),
    };

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex Name();
}
