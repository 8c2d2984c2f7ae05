using System.Diagnostics.CodeAnalysis;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>
/// One entry of the allowed origins: <c>*</c> (any origin that names a host), <c>null</c>, <c>scheme://host[:port]</c>, or
/// <c>host[:port]</c> for http and https alike. In a host, <c>*</c> stands for one or more characters of a single DNS label.
/// </summary>
/// <remarks>
/// Everything is compared as ASCII without regard to case. There is no conversion between Unicode and punycode: an international
/// name has to be written as browsers send it (<c>xn--</c>), and a pattern in Unicode is refused.
/// </remarks>
internal sealed class OriginPattern
{
    private const string Any = "*";
    private const string Null = "null";

    private readonly string? _scheme;
    private readonly string _host;
    private readonly int? _port;

    private OriginPattern(string? scheme, string host, int? port)
    {
        _scheme = scheme;
        _host = host;
        _port = port;
    }

    /// <summary>Matches every origin that names a host.</summary>
    public bool IsAny => _host == Any;

    /// <summary>Matches only the opaque origin <c>null</c>, that of sandboxed frames and of some local files.</summary>
    public bool IsNull { get; private init; }

    /// <summary>Parses a pattern; blanks around it and one slash at its end are ignored.</summary>
    /// <param name="text">The pattern as configured.</param>
    /// <param name="pattern">The pattern, if the result is true.</param>
    /// <param name="error">A sentence that names the pattern and says what is wrong, if the result is false.</param>
    /// <returns>Whether the pattern is well formed and can match something.</returns>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out OriginPattern? pattern, [NotNullWhen(false)] out string? error)
    {
        error = null;
        var trimmed = text.AsSpan().Trim();
        if (trimmed is Any)
        {
            pattern = new OriginPattern(null, Any, null);
            return true;
        }

        if (trimmed.Equals(Null, StringComparison.OrdinalIgnoreCase))
        {
            pattern = new OriginPattern(null, "", null) { IsNull = true };
            return true;
        }

        var fault = Read(trimmed, out pattern);
        error = fault is null ? null : $"The allowed origin '{text}' {fault}.";
        return pattern is not null && error is null;
    }

    /// <summary>Whether the origin matches; one that is <c>null</c> is no <see cref="WebOrigin"/>, see <see cref="IsNull"/>.</summary>
    public bool Matches(WebOrigin origin)
    {
        if (IsAny || IsNull)
        {
            return IsAny;
        }

        return (_scheme is null ? origin.IsHttpOrHttps : origin.HasScheme(_scheme))
            && origin.HasPort(_port)
            && HostMatches(_host, origin.Authority.Host);
    }

    // Returns what is wrong, as the end of a sentence, or null.
    private static string? Read(ReadOnlySpan<char> text, out OriginPattern? pattern)
    {
        pattern = null;
        if (text.IsEmpty)
        {
            return "is empty";
        }

        if (!WebOrigin.TrySplit(text, out var scheme, out var rest) && rest.Length < text.Length)
        {
            return "has no valid scheme before '://'; without a scheme it matches http and https";
        }

        // A page's origin is never ws or wss, so such a pattern would silently match nothing.
        if (scheme.Equals("ws", StringComparison.OrdinalIgnoreCase) || scheme.Equals("wss", StringComparison.OrdinalIgnoreCase))
        {
            return "must have the scheme of the page, which is http or https and not that of the WebSocket";
        }

        if (rest.EndsWith('/'))
        {
            rest = rest[..^1];
        }

        var fault = FindFault(rest);
        if (fault is not null)
        {
            return fault;
        }

        if (!Authority.TryParsePattern(rest, out var authority))
        {
            return "is not a host name or IP address (IPv6 in brackets) with an optional port from 1 to 65535";
        }

        fault = FindWildcardFault(authority.Host);
        if (fault is null)
        {
            pattern = new OriginPattern(scheme.IsEmpty ? null : scheme.ToString(), authority.Host.ToString(), authority.Port);
        }

        return fault;
    }

    private static string? FindFault(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty)
        {
            return "names no host";
        }

        if (rest.Contains("://", StringComparison.Ordinal))
        {
            return "has two schemes";
        }

        if (rest.ContainsAny("/\\?#"))
        {
            return "has a path or query, but an origin ends after host and port";
        }

        if (rest.Contains('@'))
        {
            return "has a user name or password, but an origin has none";
        }

        return rest.ContainsAnyExceptInRange('\0', '\x7F')
            ? "must be ASCII: write an international host name in its punycode form (xn--)"
            : null;
    }

    private static string? FindWildcardFault(ReadOnlySpan<char> host)
    {
        if (host is Any)
        {
            return "has '*' as its whole host, which stands for one DNS label only: use '*' alone to allow any origin";
        }

        foreach (var label in host.Split('.'))
        {
            if (host[label].Count('*') > 1)
            {
                return "has two '*' in one DNS label, where one is enough";
            }
        }

        return null;
    }

    private static bool HostMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> host)
    {
        while (true)
        {
            var patternDot = pattern.IndexOf('.');
            var hostDot = host.IndexOf('.');
            if (patternDot < 0 || hostDot < 0)
            {
                return patternDot == hostDot && LabelMatches(pattern, host);
            }

            if (!LabelMatches(pattern[..patternDot], host[..hostDot]))
            {
                return false;
            }

            pattern = pattern[(patternDot + 1)..];
            host = host[(hostDot + 1)..];
        }
    }

    private static bool LabelMatches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> label)
    {
        var star = pattern.IndexOf('*');
        if (star < 0)
        {
            return label.Equals(pattern, StringComparison.OrdinalIgnoreCase);
        }

        return label.Length >= pattern.Length
            && label.StartsWith(pattern[..star], StringComparison.OrdinalIgnoreCase)
            && label.EndsWith(pattern[(star + 1)..], StringComparison.OrdinalIgnoreCase);
    }
}
