using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Which values <see cref="WebSocketEndpointOptions"/> may have. Each failure names the option, its value and what is allowed.</summary>
internal static class EndpointOptionsRules
{
    /// <summary>All that is wrong, nothing if all is well.</summary>
    public static IEnumerable<string> Check(WebSocketEndpointOptions options) =>
    [
        .. ConnectionOptionsRules.Check(options),
        .. CheckHandshakes(options),
        .. CheckCompression(options),
        .. CheckSubprotocols(options.Subprotocols),
        .. CheckOrigins(options.AllowedOrigins),
    ];

    /// <exception cref="ArgumentException">A pattern is none; the message names it.</exception>
    public static OriginPolicy CreateOriginPolicy(WebSocketEndpointOptions options) =>
        new(options.AllowedOrigins, options.RequireOrigin, options.DangerouslyAllowAnyOrigin);

    private static IEnumerable<string> CheckHandshakes(WebSocketEndpointOptions options)
    {
        string?[] failures =
        [
            ConnectionOptionsRules.CheckCount(nameof(options.MaxConcurrentHandshakes), options.MaxConcurrentHandshakes, least: 0, most: int.MaxValue),
            ConnectionOptionsRules.CheckTime(nameof(options.HandshakeTimeout), options.HandshakeTimeout, zero: "off"),
            ConnectionOptionsRules.CheckTime(nameof(options.MaxConnectionAge), options.MaxConnectionAge, zero: "any age"),
        ];
        return failures.OfType<string>();
    }

    private static IEnumerable<string> CheckCompression(WebSocketEndpointOptions options)
    {
        if (!Enum.IsDefined(options.Compression))
        {
            yield return $"Compression is {options.Compression}; allowed are {string.Join(", ", Enum.GetNames<MessageCompression>())}.";
        }

        if (options.CompressionThreshold < 0)
        {
            yield return $"CompressionThreshold is {options.CompressionThreshold}; allowed is 0 or more.";
        }
    }

    private static IEnumerable<string> CheckSubprotocols(IList<string> subprotocols)
    {
        for (var i = 0; i < subprotocols.Count; i++)
        {
            if (!HttpToken.IsToken(subprotocols[i]))
            {
                yield return $"Subprotocols has \"{subprotocols[i]}\"; allowed are names of letters, digits and !#$%&'*+-.^_`|~ (RFC 6455 4.1).";
            }
            else if (subprotocols.IndexOf(subprotocols[i]) != i)
            {
                yield return $"Subprotocols has \"{subprotocols[i]}\" twice; allowed is each name once.";
            }
        }
    }

    private static IEnumerable<string> CheckOrigins(IList<string> allowedOrigins)
    {
        foreach (var allowed in allowedOrigins)
        {
            if (!OriginPattern.TryParse(allowed, out _, out var error))
            {
                yield return $"AllowedOrigins: {error}";
            }
        }
    }
}
