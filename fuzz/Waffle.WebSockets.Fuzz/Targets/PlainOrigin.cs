using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>An origin, or a pattern of origins, by expressions and one character after the other, as plainly as can be.</summary>
/// <param name="Scheme">In lower case; empty in a pattern that has none.</param>
/// <param name="Host">In lower case.</param>
/// <param name="Port">Zero if there is none.</param>
internal sealed partial record PlainOrigin(string Scheme, string Host, int Port)
{
    private const string SchemeExpression = "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://";
    private const string AddressExpression = @"\[[0-9A-Fa-f:.]+\]";
    private const string PortExpression = "(:(?<port>[0-9]{1,5}))?";

    // One star at most, and one character at least. There is only one way to match a label, so that trying takes no time.
    private const string LabelExpression = @"(?=[A-Za-z0-9_*-])[A-Za-z0-9_-]*(\*[A-Za-z0-9_-]*)?";

    public bool IsNull { get; private init; }

    private bool IsAny { get; init; }

    private int DefaultPort => Scheme == "https" ? 443 : Scheme == "http" ? 80 : 0;

    public static PlainOrigin? Read(string text) => ExpressionOfOrigin().Match(text) is { Success: true } match ? Read(match) : null;

    /// <summary>A host with an optional port.</summary>
    public static PlainOrigin? ReadHost(string text) => text.Contains('/', StringComparison.Ordinal) ? null : Read($"any://{text}");

    public static PlainOrigin? ReadPattern(string text)
    {
        text = text.Trim();
        if (text == "*" || text.Equals("null", StringComparison.OrdinalIgnoreCase))
        {
            return new PlainOrigin("", "", 0) { IsAny = text == "*", IsNull = text != "*" };
        }

        var match = ExpressionOfPattern().Match(text);
        var isPattern = match.Success && match.Groups["host"].Value != "*";
        return isPattern && match.Groups["scheme"].Value.ToLowerInvariant() is not ("ws" or "wss") ? Read(match) : null;
    }

    /// <summary>Whether a page of this origin is one of the request's own host.</summary>
    public bool IsOf(string scheme, PlainOrigin? host) => host is not null
        && (Scheme == "https" || (Scheme == "http" && scheme == "http"))
        && host.Host == Host
        && PortOr(DefaultPort) == host.PortOr(DefaultPort);

    /// <summary>Whether this pattern allows a page.</summary>
    public bool Matches(PlainOrigin page) => IsAny || (!IsNull
        && (Scheme == page.Scheme || (Scheme.Length == 0 && page.Scheme is "http" or "https"))
        && page.PortOr(page.DefaultPort) == PortOr(page.DefaultPort)
        && Matches(Host, page.Host));

    private int PortOr(int port) => Port == 0 ? port : Port;

    // A star takes one character or more, but no dot.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> host)
    {
        if (pattern.IsEmpty || host.IsEmpty)
        {
            return pattern.IsEmpty && host.IsEmpty;
        }

        return pattern[0] == '*'
            ? host[0] != '.' && (Matches(pattern, host[1..]) || Matches(pattern[1..], host[1..]))
            : pattern[0] == host[0] && Matches(pattern[1..], host[1..]);
    }

    private static PlainOrigin? Read(Match match)
    {
        var host = match.Groups["host"].Value;
        if (host[0] == '[')
        {
            if (!IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var address)
                || address.AddressFamily != AddressFamily.InterNetworkV6)
            {
                return null;
            }

            host = $"[{address}]";
        }

        var port = match.Groups["port"].Value;
        var number = port.Length == 0 ? 0 : int.Parse(port, CultureInfo.InvariantCulture);
        return port.Length > 0 && number is 0 or > 65535
            ? null
            : new PlainOrigin(match.Groups["scheme"].Value.ToLowerInvariant(), host.ToLowerInvariant(), number);
    }

    [GeneratedRegex($@"^{SchemeExpression}(?<host>[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|{AddressExpression}){PortExpression}\z")]
    private static partial Regex ExpressionOfOrigin();

    [GeneratedRegex($@"^({SchemeExpression})?(?<host>{LabelExpression}(\.{LabelExpression})*\.?|{AddressExpression}){PortExpression}/?\z")]
    private static partial Regex ExpressionOfPattern();
}
