using System.Text;
using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.Fuzz.Engine;
using Waffle.WebSockets.Protocol.OpeningHandshake;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>The header in which a client offers extensions, and what is agreed on.</summary>
/// <remarks>Input: the header's lines.</remarks>
internal sealed class ExtensionsTarget : IFuzzTarget
{
    public string Name => "extensions";

    public IReadOnlyList<byte[]> Dictionary { get; } = TargetParts.Words(
        "permessage-deflate", "permessage-deflate, ", "server_no_context_takeover", "client_no_context_takeover",
        "server_max_window_bits", "client_max_window_bits", "=8", "=15", "=\"1\\0\"", "=09",
        "; ", ";", ", ", ",", "=", "=\"", "\"", "\\", "\t", "\n", "a;", "a,", "x=\"");

    public IReadOnlyList<string> Covers { get; } =
    [
        .. TargetParts.Types("Protocol.OpeningHandshake", "Extension", "HttpToken"),
        .. TargetParts.Types("Protocol.PermessageDeflate", "Deflate"),
    ];

    public int MaxLength => 2048;

    public int StepsPerByte => 100;

    public long Run(ReadOnlySpan<byte> input)
    {
        StringValues lines = Encoding.Latin1.GetString(input).Split('\n');
        var isParsed = ExtensionHeader.TryParse(lines, out var offers);
        var plain = PlainExtensions.Parse(lines);
        Check.Equal(plain is not null, isParsed, "What the grammar allows is read, and nothing else.");
        if (plain is null)
        {
            Check.Equal(0, offers.Count, "What is not read offers nothing.");
            return input.Length;
        }

        var text = ExtensionText.Write(offers);
        Check.Equal(ExtensionText.Write(plain), text, "The offers are those of the grammar.");
        Check.That(ExtensionHeader.TryParse(text, out var again), "Offers are read as they are written.");
        Check.Equal(text, ExtensionText.Write(again), "Offers are read as they are written.");
        var agreement = DeflateNegotiation.Choose(offers, allowTakeover: true);
        Check.Equal(PlainExtensions.Choose(plain), agreement, "The first offer that can be accepted is.");
        CheckAnswer(agreement);
        var forgetful = DeflateNegotiation.Choose(offers, allowTakeover: false);
        var forgetting = agreement.GetValueOrDefault() with { ServerNoContextTakeover = true, ClientNoContextTakeover = true };
        Check.Equal(agreement is null ? null : forgetting, forgetful, "Contexts are not kept unless allowed.");
        CheckAnswer(forgetful);
        return input.Length + text.Length;
    }

    private static void CheckAnswer(DeflateAgreement? agreed)
    {
        if (agreed is not { } agreement)
        {
            return;
        }

        Check.That(ExtensionHeader.TryParse(agreement.ToString(), out var answer) && answer.Count == 1, "The answer is one extension.");
        var again = DeflateNegotiation.Choose(answer, allowTakeover: true);
        Check.Equal(agreement, again, "The answer says what was agreed.");
        Check.That(agreement.DeflateWindowBits is >= 8 and <= 15, "A window has 8 to 15 bits.");
        Check.That(agreement.InflateWindowBits is 0 or (>= 9 and <= 15), "A window to inflate with has 9 to 15 bits, or there is none.");
    }
}
