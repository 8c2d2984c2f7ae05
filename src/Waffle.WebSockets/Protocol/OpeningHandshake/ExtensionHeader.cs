using Microsoft.Extensions.Primitives;

namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>Parses <c>Sec-WebSocket-Extensions</c> by the grammar of RFC 6455 9.1.</summary>
internal static class ExtensionHeader
{
    /// <summary>The most offers accepted in one handshake.</summary>
    public const int MaxOffers = 16;

    /// <summary>The most parameters accepted in one offer.</summary>
    public const int MaxParameters = 16;

    /// <summary>The longest token accepted, in bytes; quotes and backslashes around it do not count.</summary>
    public const int MaxTokenLength = 128;

    /// <summary>Parses all lines of the header.</summary>
    /// <param name="lines">The lines; each is a list of its own, so that no quoted string can reach into the next one.</param>
    /// <param name="offers">The offers in the order sent; empty if there are none or the result is false.</param>
    /// <returns>False if the header breaks the grammar or a limit.</returns>
    public static bool TryParse(StringValues lines, out IReadOnlyList<ExtensionOffer> offers)
    {
        offers = [];
        List<ExtensionOffer>? parsed = null;
        foreach (var line in lines)
        {
            if (!TryParseLine(line, ref parsed))
            {
                return false;
            }
        }

        if (parsed is not null)
        {
            offers = parsed;
        }

        return true;
    }

    /// <summary>Whether a header that was refused has too many offers, parameters or too long words, and is not only malformed.</summary>
    public static bool IsOverLimit(StringValues lines)
    {
        var offers = 0;
        foreach (var offer in new HeaderList(lines))
        {
            if (++offers > MaxOffers || offer.Count(';') > MaxParameters || HasLongWord(offer))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasLongWord(ReadOnlySpan<char> offer)
    {
        while (!offer.IsEmpty)
        {
            var length = HttpToken.LengthAtStart(offer);
            if (length > MaxTokenLength)
            {
                return true;
            }

            offer = offer[Math.Min(length + 1, offer.Length)..];
        }

        return false;
    }

    private static bool TryParseLine(ReadOnlySpan<char> rest, ref List<ExtensionOffer>? offers)
    {
        while (true)
        {
            rest = HeaderList.SkipBlanks(rest);
            if (rest.IsEmpty)
            {
                return true;
            }

            // RFC 9110 5.6.1.2: empty list elements are skipped.
            if (TryTake(ref rest, ','))
            {
                continue;
            }

            if (offers?.Count == MaxOffers || !TryParseOffer(ref rest, out var offer))
            {
                return false;
            }

            (offers ??= []).Add(offer);
            if (!rest.IsEmpty && !TryTake(ref rest, ','))
            {
                return false;
            }
        }
    }

    // extension = extension-token *( ";" extension-param ), with optional blanks around every part.
    private static bool TryParseOffer(ref ReadOnlySpan<char> rest, out ExtensionOffer offer)
    {
        offer = null!;
        if (!TryTakeToken(ref rest, out var name))
        {
            return false;
        }

        List<ExtensionParameter>? parameters = null;
        rest = HeaderList.SkipBlanks(rest);
        while (TryTake(ref rest, ';'))
        {
            rest = HeaderList.SkipBlanks(rest);
            if (parameters?.Count == MaxParameters || !TryParseParameter(ref rest, out var parameter))
            {
                return false;
            }

            (parameters ??= []).Add(parameter);
            rest = HeaderList.SkipBlanks(rest);
        }

        offer = new ExtensionOffer(name, (IReadOnlyList<ExtensionParameter>?)parameters ?? []);
        return true;
    }

    // extension-param = token [ "=" (token | quoted-string) ]
    private static bool TryParseParameter(ref ReadOnlySpan<char> rest, out ExtensionParameter parameter)
    {
        parameter = default;
        if (!TryTakeToken(ref rest, out var name))
        {
            return false;
        }

        string? value = null;
        rest = HeaderList.SkipBlanks(rest);
        if (TryTake(ref rest, '='))
        {
            rest = HeaderList.SkipBlanks(rest);
            if (!(TryTake(ref rest, '"') ? TryTakeQuotedToken(ref rest, out value) : TryTakeToken(ref rest, out value)))
            {
                return false;
            }
        }

        parameter = new ExtensionParameter(name, value);
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<char> rest, char delimiter)
    {
        if (!rest.StartsWith(delimiter))
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private static bool TryTakeToken(ref ReadOnlySpan<char> rest, out string token)
    {
        var length = HttpToken.LengthAtStart(rest);
        if (length is 0 or > MaxTokenLength)
        {
            token = "";
            return false;
        }

        token = rest[..length].ToString();
        rest = rest[length..];
        return true;
    }

    // RFC 6455 9.1: after unescaping, the content of a quoted string must be a token, so its first other character ends the attempt.
    private static bool TryTakeQuotedToken(ref ReadOnlySpan<char> rest, out string token)
    {
        Span<char> unescaped = stackalloc char[MaxTokenLength];
        var length = 0;
        for (var index = 0; index < rest.Length; index++)
        {
            if (rest[index] == '"' && length > 0)
            {
                token = unescaped[..length].ToString();
                rest = rest[(index + 1)..];
                return true;
            }

            if (rest[index] == '\\' && ++index == rest.Length)
            {
                break;
            }

            if (length == MaxTokenLength || !HttpToken.IsTokenCharacter(rest[index]))
            {
                break;
            }

            unescaped[length++] = rest[index];
        }

        token = "";
        return false;
    }
}
