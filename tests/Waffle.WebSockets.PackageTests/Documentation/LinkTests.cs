using System.Text.RegularExpressions;

namespace Waffle.WebSockets.PackageTests.Documentation;

/// <summary>Links between the pages, and into the repository, lead somewhere.</summary>
public partial class LinkTests
{
    public static TheoryData<string> Pages => [.. MarkdownPage.All, "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(page)!;
        var dead =
            from Match link in Link().Matches(MarkdownPage.Read(page))
            let path = link.Groups["path"].Value
            let target = path.Length == 0 ? page : Path.Combine(folder, path)
            where !LeadsTo(target, link.Groups["anchor"].Value)
            select link.Value;
        Assert.Empty(dead);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_question_is_in_the_pages_list(string page)
    {
        var text = MarkdownPage.Read(page);
        if (!text.Contains("](#", StringComparison.Ordinal))
        {
            return;
        }

        Assert.All(Anchors(text, level: "##"), anchor => Assert.Contains($"](#{anchor})", text, StringComparison.Ordinal));
    }

    private static bool LeadsTo(string target, string anchor)
    {
        if (!Path.Exists(Path.Combine(RepositoryFolder.Path, target)))
        {
            return false;
        }

        return anchor.Length == 0 || Anchors(MarkdownPage.Read(target), level: "#+").Contains(anchor);
    }

    // As GitHub makes them of headings.
    private static IEnumerable<string> Anchors(string text, string level) =>
        Regex.Matches(text, $"^{level} (?<heading>.+)$", RegexOptions.Multiline)
            .Select(match => NotInAnchors().Replace(match.Groups["heading"].Value.ToLowerInvariant(), string.Empty).Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?!\w+:)(?<path>[^)#\s]*)(#(?<anchor>[^)\s]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
