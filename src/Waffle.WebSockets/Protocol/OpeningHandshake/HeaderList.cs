using Microsoft.Extensions.Primitives;

namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>
/// The elements of a comma-separated header over all its lines, without the blanks around them; empty elements are skipped
/// (RFC 9110 5.6.1.2). One pass over the text, no allocation.
/// </summary>
internal ref struct HeaderList
{
    private const string Blanks = " \t";

    private readonly StringValues _lines;
    private int _nextLine;
    private ReadOnlySpan<char> _rest;

    public HeaderList(StringValues lines)
    {
        _lines = lines;
    }

    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Whether one of the elements equals the given one without regard to case.</summary>
    public static bool Contains(StringValues lines, ReadOnlySpan<char> wanted)
    {
        foreach (var element in new HeaderList(lines))
        {
            if (element.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes the optional whitespace of HTTP, which is space and tab only (RFC 9110 5.6.3).</summary>
    public static ReadOnlySpan<char> TrimBlanks(ReadOnlySpan<char> text) => text.Trim(Blanks);

    /// <summary>Removes space and tab at the start.</summary>
    public static ReadOnlySpan<char> SkipBlanks(ReadOnlySpan<char> text) => text.TrimStart(Blanks);

    public readonly HeaderList GetEnumerator() => this;

    public bool MoveNext()
    {
        while (true)
        {
            if (_rest.IsEmpty)
            {
                if (_nextLine == _lines.Count)
                {
                    return false;
                }

                _rest = _lines[_nextLine++];
                continue;
            }

            var comma = _rest.IndexOf(',');
            var element = comma < 0 ? _rest : _rest[..comma];
            _rest = comma < 0 ? default : _rest[(comma + 1)..];
            Current = TrimBlanks(element);
            if (!Current.IsEmpty)
            {
                return true;
            }
        }
    }
}
