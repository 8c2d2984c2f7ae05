using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.Protocol.OpeningHandshake;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>The grammar of RFC 6455 9.1 and the negotiation of RFC 7692 7.1, as plainly as can be.</summary>
internal static class PlainExtensions
{
    /// <summary>The offers; <see langword="null"/> if these lines are none, or are over a limit.</summary>
    public static List<ExtensionOffer>? Parse(StringValues lines)
    {
        // A comma or semicolon inside of quotes is none of a token's characters, so that both parts of what it cuts are wrong.
        var offers = PlainHandshake.Elements(lines).Select(ParseOffer).ToList();
        return offers.Count > 16 || offers.Contains(null) ? null : [.. offers.Select(offer => offer!)];
    }

    /// <summary>What a server that keeps contexts agrees to.</summary>
    public static DeflateAgreement? Choose(IEnumerable<ExtensionOffer> offers) =>
        offers.Where(offer => offer.Name == "permessage-deflate").Select(Agree).FirstOrDefault(agreement => agreement is not null);

    private static ExtensionOffer? ParseOffer(string text)
    {
        var parts = Array.ConvertAll(text.Split(';'), PlainHandshake.Trim);
        var parameters = parts.Skip(1).Select(ParseParameter).ToList();
        return parameters.Count > 16 || parameters.Contains(null) || !IsShortToken(parts[0])
            ? null
            : new ExtensionOffer(parts[0], [.. parameters.Select(parameter => parameter!.Value)]);
    }

    private static ExtensionParameter? ParseParameter(string text)
    {
        var parts = Array.ConvertAll(text.Split('=', 2), PlainHandshake.Trim);
        var value = parts.Length == 1 ? null : Unquote(parts[1]);
        return IsShortToken(parts[0]) && (parts.Length == 1 || IsShortToken(value)) ? new ExtensionParameter(parts[0], value) : null;
    }

    private static bool IsShortToken(string? text) => text is { Length: <= 128 } && PlainHandshake.IsToken(text);

    // What is not rightly quoted keeps a character that no token has.
    private static string Unquote(string text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"')
        {
            return text;
        }

        var value = "";
        for (var i = 1; i < text.Length - 1; i++)
        {
            i += text[i] == '\\' ? 1 : 0;
            value += i < text.Length - 1 ? text[i] : '\\';
        }

        return value;
    }

    private static DeflateAgreement? Agree(ExtensionOffer offer)
    {
        string[] known = ["server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits", "client_max_window_bits"];
        var values = new Dictionary<string, string?>();
        foreach (var (name, value) in offer.Parameters)
        {
            var index = Array.IndexOf(known, name);
            var isValid = index < 2 ? value is null : IsBits(value) || (index == 3 && value is null);
            if (index < 0 || !isValid || !values.TryAdd(name, value))
            {
                return null;
            }
        }

        return new DeflateAgreement(
            values.ContainsKey(known[0]),
            values.ContainsKey(known[1]),
            Number(values.GetValueOrDefault(known[2])),
            Number(values.GetValueOrDefault(known[3])));
    }

    private static bool IsBits(string? value) => Enumerable.Range(8, 8).Any(bits => $"{bits}" == value);

    private static int? Number(string? value) => value is null ? null : int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
}
