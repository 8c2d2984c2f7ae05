using System.Buffers;

namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>The token of HTTP (RFC 9110 5.6.2): one or more of 77 ASCII characters.</summary>
internal static class HttpToken
{
    private static readonly SearchValues<char> _characters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(_characters);

    public static bool IsTokenCharacter(char character) => _characters.Contains(character);

    /// <summary>The number of token characters at the start of the text.</summary>
    public static int LengthAtStart(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(_characters);
        return end < 0 ? text.Length : end;
    }
}
