using System.Text.RegularExpressions;

namespace Waffle.WebSockets.PackageTests.Documentation;

/// <summary>The pages that users read, and the code in them.</summary>
internal static partial class MarkdownPage
{
    /// <summary>Stands alone on the line before a block whose earlier neighbour of the same language belongs to it.</summary>
    private const string ContinuesMarker = "<!-- continues -->";

    /// <summary>README.md and all pages of docs, relative to the repository.</summary>
    public static IEnumerable<string> All { get; } =
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "docs"), "*.md")
            .Select(file => "docs/" + Path.GetFileName(file))
            .Order(StringComparer.Ordinal),
    ];

    public static string Read(string page) => File.ReadAllText(Path.Combine(RepositoryFolder.Path, page)).ReplaceLineEndings("\n");

    /// <summary>All blocks with a language, in order.</summary>
    public static List<CodeBlock> ReadBlocks(string page) => FindBlocks(page, Read(page));

    public static List<CodeBlock> FindBlocks(string page, string text)
    {
        var blocks = new List<CodeBlock>();
        foreach (Match match in Fence().Matches(text))
        {
            var language = match.Groups["language"].Value;
            var previous = match.Groups["before"].Value.TrimEnd('\n') == ContinuesMarker
                ? blocks.LastOrDefault(block => block.Language == language)
                    ?? throw new InvalidOperationException($"{page}: nothing stands before a block that continues.")
                : null;
            var code = match.Groups["code"];
            var line = text.AsSpan(0, code.Index).Count('\n') + 1;
            blocks.Add(new CodeBlock(page, line, language, code.Value, previous));
        }

        return blocks;
    }

    [GeneratedRegex(@"^(?<before><!--[^\n]*-->\n)?```(?<language>\w+)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
