using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.ConformanceTests;

/// <summary>The tables of a page as data.</summary>
internal static class DocumentTable
{
    /// <summary>The cells of all lines of tables but their heads and the lines under these.</summary>
    public static IReadOnlyList<string[]> ReadRows(string document)
    {
        string[] lines = File.ReadAllLines(Path.Combine(RepositoryFolder.Path, document));
        List<string[]> rows = [];
        for (int i = 0; i < lines.Length; i++)
        {
            bool isHead = i + 1 < lines.Length && IsRule(lines[i + 1]);
            if (lines[i].StartsWith('|') && !isHead && !IsRule(lines[i]))
            {
                rows.Add([.. lines[i].Trim().Trim('|').Split('|').Select(cell => cell.Trim())]);
            }
        }

        return rows;
    }

    private static bool IsRule(string line) => line.StartsWith("|--", StringComparison.Ordinal);
}
