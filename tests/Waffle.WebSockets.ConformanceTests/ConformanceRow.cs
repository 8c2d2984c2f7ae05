namespace Waffle.WebSockets.ConformanceTests;

/// <summary>A row of docs/conformance.md: one requirement, who must meet it, and the tests that hold us to it.</summary>
internal sealed record ConformanceRow(string Id, string Who, int Keywords, string TestCell)
{
    private const string NotAServers = "not a server's";

    public string Section => Id[..Id.IndexOf("-p", StringComparison.Ordinal)];

    public bool ConcernsAServer => !TestCell.StartsWith(NotAServers, StringComparison.Ordinal);

    public IReadOnlyList<string> Tests => ConcernsAServer ? NamedTests.In(TestCell) : [];

    public bool IsTested => Tests.Count > 0 && Tests.All(NamedTests.Exists);
}
