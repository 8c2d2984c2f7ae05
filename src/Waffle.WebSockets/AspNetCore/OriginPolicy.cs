using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>
/// Decides whether the page that opens a WebSocket may do so (RFC 6455 10.2): browsers apply neither the same-origin policy nor CORS
/// to WebSockets, and send cookies along. Immutable and safe for concurrent use.
/// </summary>
internal sealed class OriginPolicy
{
    private static readonly HandshakeRefusal _ambiguous = new(400, "The request has more than one Origin header.");
    private static readonly HandshakeRefusal _missing = new(403, "This endpoint requires an Origin header.");
    private static readonly HandshakeRefusal _malformed = new(403, "The Origin header names no scheme and host.");

    private static readonly HandshakeRefusal _notAllowed =
        new(403, "This origin is neither the host of the request nor among the allowed origins of this endpoint.");

    private readonly OriginPattern[] _patterns;
    private readonly bool _requireOrigin;
    private readonly bool _allowAny;
    private readonly bool _allowNull;

    /// <summary>Creates the policy of one endpoint.</summary>
    /// <param name="allowedOrigins">Patterns, see <see cref="OriginPattern"/>, for pages of other hosts than the request's own.</param>
    /// <param name="requireOrigin">Whether to refuse a request without Origin header, which no browser sends.</param>
    /// <param name="allowAny">Whether to allow any single Origin header; <paramref name="requireOrigin"/> still applies.</param>
    /// <exception cref="ArgumentException">A pattern is malformed or could never match; the message names it.</exception>
    public OriginPolicy(IEnumerable<string> allowedOrigins, bool requireOrigin, bool allowAny)
    {
        _patterns = [.. allowedOrigins.Select(Parse)];
        _requireOrigin = requireOrigin;
        _allowAny = allowAny;
        _allowNull = _patterns.Any(pattern => pattern.IsNull);

        static OriginPattern Parse(string text) =>
            OriginPattern.TryParse(text, out var pattern, out var error)
                ? pattern
                : throw new ArgumentException(error, nameof(allowedOrigins));
    }

    /// <summary>Judges a request.</summary>
    /// <param name="origin">The lines of its Origin header.</param>
    /// <param name="requestScheme">http or https, as the client sees it: behind a proxy, after forwarded headers were applied.</param>
    /// <param name="requestHost">Its Host header or <c>:authority</c>, likewise; may be empty.</param>
    public OriginVerdict Evaluate(StringValues origin, string requestScheme, string requestHost) =>
        new(FindFault(origin, requestScheme, requestHost));

    private HandshakeRefusal? FindFault(StringValues origin, string requestScheme, string requestHost)
    {
        if (origin.Count > 1)
        {
            return _ambiguous;
        }

        if (origin.Count == 0)
        {
            return _requireOrigin ? _missing : null;
        }

        if (_allowAny)
        {
            return null;
        }

        if (origin[0] == "null")
        {
            return _allowNull ? null : _notAllowed;
        }

        if (!WebOrigin.TryParse(origin[0], out var parsed))
        {
            return _malformed;
        }

        return IsOwnHost(parsed, requestScheme, requestHost) || MatchesPattern(parsed) ? null : _notAllowed;
    }

    // Where TLS ends at a proxy, an https page may reach us over http; its absent port then still means 443. The reverse, a page without
    // TLS that talks to us over TLS, could have been planted by anyone on its network.
    private static bool IsOwnHost(WebOrigin origin, string requestScheme, string requestHost) =>
        origin.IsHttpOrHttps
        && (origin.HasScheme("https") || !requestScheme.Equals("https", StringComparison.OrdinalIgnoreCase))
        && Authority.TryParse(requestHost, out var own)
        && origin.HasPort(own.Port)
        && own.Host.Equals(origin.Authority.Host, StringComparison.OrdinalIgnoreCase);

    private bool MatchesPattern(WebOrigin origin)
    {
        foreach (var pattern in _patterns)
        {
            if (pattern.Matches(origin))
            {
                return true;
            }
        }

        return false;
    }
}
