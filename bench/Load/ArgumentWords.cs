namespace Waffle.WebSockets.Bench.Load;

/// <summary>A command line of flags, and of options with a value after them.</summary>
internal sealed class ArgumentWords
{
    private readonly Dictionary<string, string?> _words = [];

    /// <exception cref="ArgumentException">There is a word that is none of these, or a value is missing.</exception>
    public ArgumentWords(IReadOnlyList<string> arguments, IReadOnlyList<string> flags, IReadOnlyList<string> values)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (flags.Contains(word))
            {
                _words[word] = null;
            }
            else if (values.Contains(word) && i + 1 < arguments.Count)
            {
                _words[word] = arguments[++i];
            }
            else
            {
                throw new ArgumentException(values.Contains(word) ? $"{word} needs a value." : $"There is no option {word}.");
            }
        }
    }

    public bool Has(string word) => _words.ContainsKey(word);

    public string? ValueOf(string word) => _words.GetValueOrDefault(word);

    /// <summary>The names that an option's value separates by commas.</summary>
    public IReadOnlyList<string> NamesOf(string word) =>
        ValueOf(word)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
