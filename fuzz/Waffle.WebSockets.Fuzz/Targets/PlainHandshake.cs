using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>What RFC 6455 4.2.1 and RFC 8441 ask of a handshake, as plainly as can be.</summary>
internal static class PlainHandshake
{
    private const string TokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>The elements of a list, blanks around them removed.</summary>
    public static string[] Elements(StringValues lines) =>
        [.. lines.SelectMany(line => line!.Split(',')).Select(Trim).Where(element => element.Length > 0)];

    public static string Trim(string text) => text.Trim(' ', '\t');

    public static bool IsToken(string text) => text.Length > 0 && text.All(TokenCharacters.Contains);

    public static bool IsAcceptable(in HandshakeRequest request)
    {
        var opens = request.Transport switch
        {
            HandshakeTransport.Http10 => false,
            HandshakeTransport.Http11 => request.Method == "GET"
                && HasElement(request.Upgrade, "websocket")
                && HasElement(request.Connection, "upgrade")
                && !request.HasBody
                && request.Key is [{ } key]
                && IsKey(Trim(key)),
            _ => request.Method == "CONNECT" && "websocket".Equals(request.ExtendedConnectProtocol, StringComparison.OrdinalIgnoreCase),
        };
        return opens
            && request.Version is [{ } version]
            && Trim(version) == "13"
            && AreSubprotocols(Elements(request.Protocols))
            && PlainExtensions.Parse(request.Extensions) is not null;
    }

    private static bool HasElement(StringValues lines, string wanted) => Elements(lines).Contains(wanted, StringComparer.OrdinalIgnoreCase);

    // Sixteen bytes, in the one way that base64 has for them.
    private static bool IsKey(string key)
    {
        var bytes = new byte[24];
        return Convert.TryFromBase64String(key, bytes, out var length)
            && length == 16
            && Convert.ToBase64String(bytes.AsSpan(0, 16)) == key;
    }

    private static bool AreSubprotocols(string[] offers) =>
        offers.Length <= 32 && offers.All(offer => offer.Length <= 4096 && IsToken(offer));
}
