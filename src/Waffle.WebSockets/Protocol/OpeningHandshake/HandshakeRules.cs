using Microsoft.Extensions.Primitives;

namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>The server's rules for the opening handshake: RFC 6455 4.2.1 over HTTP/1.1, RFC 8441 over HTTP/2.</summary>
internal static class HandshakeRules
{
    /// <summary>The name in <c>Upgrade</c> and <c>:protocol</c>; compared without regard to case (RFC 9110 7.8).</summary>
    public const string ProtocolName = "websocket";

    /// <summary>The only version of the protocol there is (RFC 6455 4.1).</summary>
    public const string ProtocolVersion = "13";

    /// <summary>Decides on a handshake.</summary>
    /// <param name="request">The handshake as received; nothing in it is trusted.</param>
    /// <param name="supportedSubprotocols">The subprotocols that the server speaks, the one it likes best first.</param>
    /// <returns>The decision; of several faults the refusal names the one whose repair brings the client furthest.</returns>
    public static HandshakeDecision Decide(in HandshakeRequest request, IReadOnlyList<string> supportedSubprotocols)
    {
        var overHttp2 = request.Transport == HandshakeTransport.Http2;
        var refusal = overHttp2 ? CheckExtendedConnect(request) : CheckUpgrade(request);
        if (refusal is not null)
        {
            return HandshakeDecision.Refuse(refusal);
        }

        var key = default(ReadOnlySpan<char>);
        if (!overHttp2 && !AcceptKey.TryReadRequestKey(request.Key, out key))
        {
            return HandshakeDecision.Refuse(HandshakeRefusals.Key);
        }

        if (!Subprotocols.TrySelect(request.Protocols, supportedSubprotocols, out var subprotocol))
        {
            return HandshakeDecision.Refuse(HandshakeRefusals.Subprotocols);
        }

        if (!ExtensionHeader.TryParse(request.Extensions, out var extensionOffers))
        {
            return HandshakeDecision.Refuse(HandshakeRefusals.Extensions);
        }

        return HandshakeDecision.Accept(overHttp2 ? null : AcceptKey.Compute(key), subprotocol, extensionOffers);
    }

    private static HandshakeRefusal? CheckUpgrade(in HandshakeRequest request)
    {
        if (request.Method != "GET")
        {
            return HandshakeRefusals.MethodNotGet;
        }

        if (request.Transport == HandshakeTransport.Http10)
        {
            return HandshakeRefusals.Http10;
        }

        if (!HeaderList.Contains(request.Upgrade, ProtocolName))
        {
            return HandshakeRefusals.UpgradeRequired;
        }

        if (!HeaderList.Contains(request.Connection, "upgrade"))
        {
            return HandshakeRefusals.ConnectionWithoutUpgrade;
        }

        if (request.HasBody)
        {
            return HandshakeRefusals.Body;
        }

        return CheckVersion(request.Version, HandshakeRefusals.VersionUnsupported);
    }

    private static HandshakeRefusal? CheckExtendedConnect(in HandshakeRequest request)
    {
        if (request.Method == "GET")
        {
            return HandshakeRefusals.GetOverHttp2;
        }

        if (request.Method != "CONNECT")
        {
            return HandshakeRefusals.MethodNotConnect;
        }

        if (request.ExtendedConnectProtocol is null)
        {
            return HandshakeRefusals.ConnectWithoutProtocol;
        }

        if (!ProtocolName.Equals(request.ExtendedConnectProtocol, StringComparison.OrdinalIgnoreCase))
        {
            return HandshakeRefusals.ConnectProtocolUnknown;
        }

        return CheckVersion(request.Version, HandshakeRefusals.VersionUnsupportedOverHttp2);
    }

    private static HandshakeRefusal? CheckVersion(StringValues version, HandshakeRefusal unsupported)
    {
        var value = version.Count == 0 ? default : HeaderList.TrimBlanks(version[0]);
        if (version.Count > 1 || value.Contains(','))
        {
            return HandshakeRefusals.VersionAmbiguous;
        }

        return value.SequenceEqual(ProtocolVersion) ? null : unsupported;
    }
}
