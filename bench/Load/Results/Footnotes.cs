using System.Text;

namespace Waffle.WebSockets.Bench.Load.Results;

/// <summary>Texts that are too long for a cell.</summary>
internal sealed class Footnotes
{
    private readonly List<string> _notes = [];

    /// <summary>The mark of a text; the same text has the same mark.</summary>
    public string Mark(string note)
    {
        if (!_notes.Contains(note))
        {
            _notes.Add(note);
        }

        return $"[{_notes.IndexOf(note) + 1}]";
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _notes.Count; i++)
        {
            text.Append("- [").Append(i + 1).Append("] ").Append(_notes[i]).Append('\n');
        }

        return text.ToString();
    }
}
