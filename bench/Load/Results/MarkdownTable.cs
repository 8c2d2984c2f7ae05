using System.Text;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>A table whose first columns are text, one unless said otherwise, and whose others are figures.</summary>
internal sealed class MarkdownTable(params IReadOnlyList<string> columns)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    /// <summary>How many columns are text.</summary>
    public int TextColumns { get; init; } = 1;

    public void Add(params IReadOnlyList<string> cells)
    {
        if (cells.Count != columns.Count)
        {
            throw new ArgumentException($"A row has {columns.Count} cells, not {cells.Count}.", nameof(cells));
        }

        _rows.Add(cells);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        AppendRow(text, columns);
        AppendRow(text, [.. columns.Select((_, i) => i < TextColumns ? "---" : "--:")]);
        foreach (var row in _rows)
        {
            AppendRow(text, row);
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
