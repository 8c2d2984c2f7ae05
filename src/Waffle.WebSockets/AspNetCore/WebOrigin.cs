using System.Buffers;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>The value of an Origin header that names a host: <c>scheme://host[:port]</c> and nothing else (RFC 6454 6.2).</summary>
internal readonly ref struct WebOrigin
{
    private const string SchemeEnd = "://";

    private static readonly SearchValues<char> _schemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    private WebOrigin(ReadOnlySpan<char> scheme, Authority authority)
    {
        Scheme = scheme;
        Authority = authority;
    }

    public ReadOnlySpan<char> Scheme { get; }

    public Authority Authority { get; }

    /// <summary>Whether the scheme is http or https: the only two that share hosts with this server.</summary>
    public bool IsHttpOrHttps => HasScheme("https") || HasScheme("http");

    public static bool TryParse(ReadOnlySpan<char> text, out WebOrigin origin)
    {
        origin = default;
        if (!TrySplit(text, out var scheme, out var rest) || !Authority.TryParse(rest, out var authority))
        {
            return false;
        }

        origin = new WebOrigin(scheme, authority);
        return true;
    }

    /// <summary>Splits off a well-formed scheme (RFC 3986 3.1); false if there is none.</summary>
    public static bool TrySplit(ReadOnlySpan<char> text, out ReadOnlySpan<char> scheme, out ReadOnlySpan<char> rest)
    {
        var length = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        scheme = length < 0 ? default : text[..length];
        rest = length < 0 ? text : text[(length + SchemeEnd.Length)..];
        return !scheme.IsEmpty && char.IsAsciiLetter(scheme[0]) && !scheme.ContainsAnyExcept(_schemeCharacters);
    }

    /// <summary>Whether the port is the given one; an absent one on either side is the default of this origin's scheme.</summary>
    public bool HasPort(int? port)
    {
        int? defaultPort = HasScheme("https") ? 443 : HasScheme("http") ? 80 : null;
        return (Authority.Port ?? defaultPort) == (port ?? defaultPort);
    }

    public bool HasScheme(ReadOnlySpan<char> scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);
}
