using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Protocol.PermessageDeflate;

/// <summary>The server's side of the negotiation (RFC 7692 5.1, 7.1): the first offer that it can accept, or none.</summary>
internal static class DeflateNegotiation
{
    public const string ExtensionName = "permessage-deflate";
    public const string ServerNoContextTakeover = "server_no_context_takeover";
    public const string ClientNoContextTakeover = "client_no_context_takeover";
    public const string ServerMaxWindowBits = "server_max_window_bits";
    public const string ClientMaxWindowBits = "client_max_window_bits";

    /// <summary>Chooses an offer.</summary>
    /// <param name="offers">All that the client offers, what it likes best first.</param>
    /// <param name="allowTakeover">Whether contexts may be kept where the client does not ask otherwise.</param>
    /// <returns>The agreement; <see langword="null"/>: there is no compression, which is no fault of anybody's (RFC 7692 5).</returns>
    public static DeflateAgreement? Choose(IReadOnlyList<ExtensionOffer> offers, bool allowTakeover)
    {
        foreach (var offer in offers)
        {
            if (offer.Name == ExtensionName && Read(offer) is { } agreement)
            {
                return allowTakeover ? agreement : agreement with { ServerNoContextTakeover = true, ClientNoContextTakeover = true };
            }
        }

        return null;
    }

    // RFC 7692 7.1: an unknown or repeated parameter, or a wrong value, is reason to decline the offer, and only that.
    private static DeflateAgreement? Read(ExtensionOffer offer)
    {
        var agreement = new DeflateAgreement(false, false);
        for (var i = 0; i < offer.Parameters.Count; i++)
        {
            var (name, value) = (offer.Parameters[i].Name, offer.Parameters[i].Value);
            int? bits = null;
            var isValid = name switch
            {
                ServerNoContextTakeover or ClientNoContextTakeover => value is null,
                ServerMaxWindowBits => TryReadBits(value, out bits),
                ClientMaxWindowBits => value is null || TryReadBits(value, out bits),
                _ => false,
            };
            if (!isValid || IsRepeated(offer, i))
            {
                return null;
            }

            agreement = name switch
            {
                ServerNoContextTakeover => agreement with { ServerNoContextTakeover = true },
                ClientNoContextTakeover => agreement with { ClientNoContextTakeover = true },
                ServerMaxWindowBits => agreement with { ServerMaxWindowBits = bits },
                _ => agreement with { ClientMaxWindowBits = bits },
            };
        }

        return agreement;
    }

    // RFC 7692 7.1.2: 8 to 15, without leading zeros.
    private static bool TryReadBits(string? value, out int? bits)
    {
        bits = value switch
        {
            "8" => 8,
            "9" => 9,
            "10" => 10,
            "11" => 11,
            "12" => 12,
            "13" => 13,
            "14" => 14,
            "15" => 15,
            _ => null,
        };
        return bits is not null;
    }

    private static bool IsRepeated(ExtensionOffer offer, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (offer.Parameters[i].Name == offer.Parameters[index].Name)
            {
                return true;
            }
        }

        return false;
    }
}
