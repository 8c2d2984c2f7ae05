using Microsoft.Extensions.Primitives;

namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>Chooses the subprotocol from <c>Sec-WebSocket-Protocol</c> (RFC 6455 4.2.2).</summary>
internal static class Subprotocols
{
    /// <summary>The most elements accepted in one handshake.</summary>
    public const int MaxOffers = 32;

    /// <summary>The longest element accepted, in bytes: a subprotocol is the only place where a browser can put a bearer token.</summary>
    public const int MaxOfferLength = 4096;

    /// <summary>Selects the first of the server's subprotocols that the client offers, compared ordinally.</summary>
    /// <param name="offered">All lines of the header. A subprotocol offered twice is tolerated: nothing depends on it.</param>
    /// <param name="supported">What the server speaks, the one it likes best first.</param>
    /// <param name="selected">The server's own string, or null if there is none in common.</param>
    /// <returns>False if an element is no token or a limit is exceeded.</returns>
    public static bool TrySelect(StringValues offered, IReadOnlyList<string> supported, out string? selected)
    {
        selected = null;
        var offers = 0;
        var best = supported.Count;
        foreach (var offer in new HeaderList(offered))
        {
            if (++offers > MaxOffers || offer.Length > MaxOfferLength || !HttpToken.IsToken(offer))
            {
                return false;
            }

            best = IndexBefore(best, supported, offer);
        }

        selected = best < supported.Count ? supported[best] : null;
        return true;
    }

    /// <summary>Whether a header that was refused has too many elements or too long ones, and is not only malformed.</summary>
    public static bool IsOverLimit(StringValues offered)
    {
        var offers = 0;
        foreach (var offer in new HeaderList(offered))
        {
            if (++offers > MaxOffers || offer.Length > MaxOfferLength)
            {
                return true;
            }
        }

        return false;
    }

    private static int IndexBefore(int end, IReadOnlyList<string> supported, ReadOnlySpan<char> offer)
    {
        for (var index = 0; index < end; index++)
        {
            if (offer.SequenceEqual(supported[index]))
            {
                return index;
            }
        }

        return end;
    }
}
