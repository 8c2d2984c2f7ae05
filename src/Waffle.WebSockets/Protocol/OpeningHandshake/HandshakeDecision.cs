using System.Diagnostics.CodeAnalysis;

namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>The answer to an opening handshake: accept it with these values, or refuse it.</summary>
internal sealed class HandshakeDecision
{
    private HandshakeDecision()
    {
    }

    /// <summary>Whether to switch to WebSocket: with status 101 over HTTP/1.1, 200 over HTTP/2.</summary>
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Refusal is null;

    /// <summary>The HTTP answer that refuses the handshake, or null if it is accepted.</summary>
    public HandshakeRefusal? Refusal { get; private init; }

    /// <summary>The value of <c>Sec-WebSocket-Accept</c>; null over HTTP/2, which has no such header (RFC 8441 5).</summary>
    public string? AcceptKey { get; private init; }

    /// <summary>The value of <c>Sec-WebSocket-Protocol</c>, or null to leave the header out (RFC 6455 4.2.2).</summary>
    public string? Subprotocol { get; private init; }

    /// <summary>The extensions that the client offers, in its order of preference; empty if none.</summary>
    public IReadOnlyList<ExtensionOffer> ExtensionOffers { get; private init; } = [];

    public static HandshakeDecision Accept(string? acceptKey, string? subprotocol, IReadOnlyList<ExtensionOffer> extensionOffers) =>
        new() { AcceptKey = acceptKey, Subprotocol = subprotocol, ExtensionOffers = extensionOffers };

    public static HandshakeDecision Refuse(HandshakeRefusal refusal) => new() { Refusal = refusal };
}
