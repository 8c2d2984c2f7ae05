namespace Waffle.WebSockets.ConformanceTests;

/// <summary>A row of a page of conformance: one requirement, who must meet it, and the tests that hold us to it.</summary>
/// <param name="Id">The RFC, the section and the paragraph, as 6455-5.1-p1b.</param>
/// <param name="Who">Server, client, both or other.</param>
/// <param name="Text">The requirement.</param>
/// <param name="Keyword">The RFC's word in capitals, if there is one.</param>
/// <param name="TestCell">The tests, or that it is not a server's.</param>
internal sealed record ConformanceRow(string Id, string Who, string Text, string? Keyword, string TestCell)
{
    private const string NotAServers = "not a server's";

    /// <summary>The id as the other rows of the page write it.</summary>
    public string LocalId => Id[(Id.IndexOf('-', StringComparison.Ordinal) + 1)..];

    public string Section => LocalId[..LocalId.IndexOf("-p", StringComparison.Ordinal)];

    /// <summary>Whether the keyword advises, and does not bind.</summary>
    public bool IsAdvice => Keyword is "SHOULD" or "SHOULD NOT" or "RECOMMENDED" or "NOT RECOMMENDED";

    public bool IsDuty => Keyword is not null && !IsAdvice;

    public bool ConcernsAServer => !TestCell.StartsWith(NotAServers, StringComparison.Ordinal);

    /// <summary>The full names of the tests.</summary>
    public IReadOnlyList<string> Tests => ConcernsAServer ? [.. NamedTests.In(TestCell).Select(InFull)] : [];

    public bool IsTested => Tests.Count > 0 && Tests.All(NamedTests.Exists);

    private static string InFull(string name) =>
        name.Count(character => character == '.') == 1 ? $"{typeof(ConformanceRow).Namespace}.{name}" : name;
}
