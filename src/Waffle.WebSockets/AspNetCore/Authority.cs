using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>A host with an optional port, as in an origin, in a Host header or in an origin pattern; plain ASCII only.</summary>
internal readonly ref struct Authority
{
    private static readonly SearchValues<char> _hostCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly SearchValues<char> _patternCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.*");

    private static readonly SearchValues<char> _ipv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    private Authority(ReadOnlySpan<char> host, int? port)
    {
        Host = host;
        Port = port;
    }

    /// <summary>The host without port: a name or IPv4 address as written, an IPv6 address in brackets in its canonical text form.</summary>
    public ReadOnlySpan<char> Host { get; }

    /// <summary>The port, 1 to 65535, or null if there is none.</summary>
    public int? Port { get; }

    /// <summary>Parses <c>host[:port]</c>.</summary>
    /// <returns>False if a character may not be in a host name, a label is empty (one dot at the end is fine) or the port is bad.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Authority authority) => TryParse(text, _hostCharacters, out authority);

    /// <summary>Parses the same with <c>*</c> among the characters of the host.</summary>
    public static bool TryParsePattern(ReadOnlySpan<char> text, out Authority authority) =>
        TryParse(text, _patternCharacters, out authority);

    private static bool TryParse(ReadOnlySpan<char> text, SearchValues<char> hostCharacters, out Authority authority)
    {
        authority = default;
        var hostLength = text.StartsWith('[') ? text.IndexOf(']') + 1 : text.IndexOf(':');
        hostLength = hostLength < 0 ? text.Length : hostLength;
        if (!TryReadHost(text[..hostLength], hostCharacters, out var host) || !TryReadPort(text[hostLength..], out var port))
        {
            return false;
        }

        authority = new Authority(host, port);
        return true;
    }

    // What follows a host: nothing, or a colon and one to five digits.
    private static bool TryReadPort(ReadOnlySpan<char> text, out int? port)
    {
        port = null;
        if (text.IsEmpty)
        {
            return true;
        }

        // The framework's parser lets zeros of the other kind, U+0000, stand behind the digits.
        var digits = text[1..];
        if (text[0] != ':'
            || digits.Length > 5
            || digits.ContainsAnyExceptInRange('0', '9')
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is 0 or > ushort.MaxValue)
        {
            return false;
        }

        port = number;
        return true;
    }

    private static bool TryReadHost(ReadOnlySpan<char> text, SearchValues<char> characters, out ReadOnlySpan<char> host)
    {
        host = text;
        if (text.StartsWith('['))
        {
            return TryReadIPv6(text, out host);
        }

        return !text.IsEmpty
            && text[0] != '.'
            && !text.ContainsAnyExcept(characters)
            && text.IndexOf("..", StringComparison.Ordinal) < 0;
    }

    // One address has many text forms, so it is compared in the canonical one.
    private static bool TryReadIPv6(ReadOnlySpan<char> text, out ReadOnlySpan<char> host)
    {
        host = default;
        var address = text[1..^1];
        if (address.ContainsAnyExcept(_ipv6Characters)
            || !IPAddress.TryParse(address, out var parsed)
            || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }

        host = $"[{parsed}]";
        return true;
    }
}
