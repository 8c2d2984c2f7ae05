using System.Text;
using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.AspNetCore;
using Waffle.WebSockets.Fuzz.Engine;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>Which pages may connect: patterns, origins, and the request's own host.</summary>
/// <remarks>Input, in lines: the scheme of the request, its host, its origin (empty: there is no such header), then patterns.</remarks>
internal sealed class OriginsTarget : IFuzzTarget
{
    public string Name => "origins";

    public IReadOnlyList<byte[]> Dictionary { get; } = TargetParts.Words(
        "https", "http", "://", "https://", "http://", "ws://", "example.com", "*", "*.", ".", "..", "app-", "xn--",
        ":", ":443", ":80", ":8443", ":65535", ":65536", ":0", "1.2.3.4", "[::1]", "[::ffff:1.2.3.4]", "[", "]", "%25eth0",
        "null", "NULL", "/", "@", "\\", "?", "#", "\n", "\n*", "\n\n", " ", "\t", "-", "_", "\u212A", "\u0130");

    public IReadOnlyList<string> Covers { get; } = TargetParts.Types("AspNetCore", "Origin", "WebOrigin", "Authority");

    public int MaxLength => 512;

    public int StepsPerByte => 100;

    public long Run(ReadOnlySpan<byte> input)
    {
        var lines = Encoding.UTF8.GetString(input).Split('\n');
        var scheme = lines[0].Equals("https", StringComparison.OrdinalIgnoreCase) ? "https" : "http";
        var host = lines.Length > 1 ? lines[1] : "";
        var origin = lines.Length > 2 && lines[2].Length > 0 ? new StringValues(lines[2]) : StringValues.Empty;

        var patterns = new List<string>();
        var plainPatterns = new List<PlainOrigin>();
        foreach (var text in lines.Skip(3))
        {
            var plain = PlainOrigin.ReadPattern(text);
            var isPattern = OriginPattern.TryParse(text, out var pattern, out var error);
            Check.Equal(plain is not null, isPattern, "What is documented is a pattern, and nothing else.");
            Check.Equal(isPattern, pattern is not null, "A pattern is given where there is one.");
            Check.Equal(isPattern, error is null, "An error is told where there is no pattern.");
            if (plain is not null)
            {
                patterns.Add(text);
                plainPatterns.Add(plain);
            }
        }

        foreach (var requireOrigin in origin.Count == 0 ? (bool[])[false, true] : [true])
        {
            var verdict = new OriginPolicy(patterns, requireOrigin, allowAny: false).Evaluate(origin, scheme, host);
            var isAllowed = origin.Count == 0 ? !requireOrigin : IsAllowed(origin.ToString(), scheme, host, plainPatterns);
            Check.Equal(isAllowed, verdict.IsAllowed, "Who is documented to be allowed is, and nobody else.");
            Check.That(verdict.Refusal is null or { Status: 403 }, "Who is not allowed is told so.");
            var any = new OriginPolicy([], requireOrigin, allowAny: true).Evaluate(origin, scheme, host);
            Check.Equal(origin.Count > 0 || !requireOrigin, any.IsAllowed, "Any single origin is allowed where that is asked for.");
        }

        return 2 * input.Length;
    }

    private static bool IsAllowed(string origin, string scheme, string host, List<PlainOrigin> patterns)
    {
        if (origin == "null")
        {
            return patterns.Any(pattern => pattern.IsNull);
        }

        return PlainOrigin.Read(origin) is { } page
            && (page.IsOf(scheme, PlainOrigin.ReadHost(host)) || patterns.Any(pattern => pattern.Matches(page)));
    }
}
