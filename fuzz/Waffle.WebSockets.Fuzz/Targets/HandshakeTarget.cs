using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Waffle.WebSockets.Fuzz.Engine;
using Waffle.WebSockets.Protocol.OpeningHandshake;

namespace Waffle.WebSockets.Fuzz.Targets;

/// <summary>The headers of an opening handshake.</summary>
/// <remarks>
/// Input: lines, the first letter of each tells what the rest of it is: M the method, H the version of HTTP, X the protocol of an
/// extended CONNECT, L that there is a body, and U, C, K, V, P, E one line of the headers Upgrade, Connection, and Sec-WebSocket-Key,
/// -Version, -Protocol and -Extensions.
/// </remarks>
internal sealed class HandshakeTarget : IFuzzTarget
{
    private static readonly string[] _supported = ["chat.v2", "chat", "CHAT"];

    public string Name => "handshake";

    public IReadOnlyList<byte[]> Dictionary { get; } = TargetParts.Words(
        "\nMGET", "\nMCONNECT", "\nMPOST", "\nH2", "\nH0", "\nL", "\nXwebsocket",
        "\nU", "\nUwebsocket", "\nC", "\nCUpgrade", "keep-alive, ",
        "\nK", "\nKdGhlIHNhbXBsZSBub25jZQ==", "\nV", "\nV13", "\nP", "\nPchat", "chat.v2",
        "\nE", "\nEpermessage-deflate", "; client_max_window_bits", ",", " ", "\t", "=", ";", "\"");

    public IReadOnlyList<string> Covers { get; } = ["Waffle.WebSockets.Protocol.OpeningHandshake."];

    public int MaxLength => 4096 + 512;

    public int StepsPerByte => 100;

    public long Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.Latin1.GetString(input);
        ILookup<char, string> lines = text.Split('\n').Where(line => line.Length > 0).ToLookup(line => line[0], line => line[1..]);
        var request = RequestOf(lines, join: false);
        var decision = HandshakeRules.Decide(request, _supported);
        var plain = PlainHandshake.IsAcceptable(request);
        Check.Equal(plain, decision.IsAccepted, "What the RFC asks for is accepted, and nothing else.");
        if (decision.IsAccepted)
        {
            CheckAccepted(request, decision);
        }
        else
        {
            CheckRefusal(decision.Refusal);
        }

        var joined = HandshakeRules.Decide(RequestOf(lines, join: true), _supported);
        Check.Equal(decision.Refusal, joined.Refusal, "Lines of one header are as good as one line with commas.");
        Check.Equal(decision.Subprotocol, joined.Subprotocol, "Lines of one header are as good as one line with commas.");
        Check.Equal(OffersOf(decision), OffersOf(joined), "Lines of one header are as good as one line with commas.");
        return 2 * input.Length;
    }

    private static HandshakeRequest RequestOf(ILookup<char, string> lines, bool join)
    {
        return new HandshakeRequest
        {
            Transport = First('H') switch
            {
                "0" => HandshakeTransport.Http10,
                "2" => HandshakeTransport.Http2,
                _ => HandshakeTransport.Http11,
            },
            Method = First('M') ?? "GET",
            ExtendedConnectProtocol = First('X'),
            HasBody = lines.Contains('L'),
            Upgrade = List('U'),
            Connection = List('C'),
            Key = lines['K'].ToArray(),
            Version = lines['V'].ToArray(),
            Protocols = List('P'),
            Extensions = List('E'),
        };

        string? First(char name) => lines[name].FirstOrDefault();

        StringValues List(char name) => join && lines.Contains(name) ? string.Join(',', lines[name]) : lines[name].ToArray();
    }

    private static void CheckAccepted(in HandshakeRequest request, HandshakeDecision decision)
    {
        var key = request.Transport == HandshakeTransport.Http2 ? null : PlainHandshake.Elements(request.Key).Single();
        Check.Equal(key is null ? null : AcceptOf(key), decision.AcceptKey, "The answer to the key is its hash.");
        var offered = PlainHandshake.Elements(request.Protocols);
        var expected = _supported.FirstOrDefault(offered.Contains);
        Check.Equal(expected, decision.Subprotocol, "The first supported subprotocol that is offered is chosen.");
    }

    private static void CheckRefusal(HandshakeRefusal refusal)
    {
        Check.That(refusal.Status is 400 or 405 or 426 or 501, "A refusal is one of four.");
        Check.Equal(refusal.Status == 405, refusal.Allow is not null, "405 tells what is allowed.");
        Check.Equal(refusal.Status == 426, refusal.Upgrade is not null, "426 tells what to upgrade to.");
    }

    // RFC 6455 4.2.2 asks for SHA-1.
#pragma warning disable CA5350
    private static string AcceptOf(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350

    private static string OffersOf(HandshakeDecision decision) => ExtensionText.Write(decision.ExtensionOffers);
}
