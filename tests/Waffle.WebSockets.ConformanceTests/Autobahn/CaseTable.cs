namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>The cases of a class of tests, as rows of a theory and by their numbers.</summary>
internal sealed class CaseTable(params IReadOnlyList<AutobahnCase> cases)
{
    private readonly Dictionary<string, AutobahnCase> _cases = cases.ToDictionary(run => run.Id);

    public TheoryData<string> Ids => [.. cases.Select(run => run.Id)];

    public AutobahnCase this[string id] => _cases[id];
}
