namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>Every refusal that <see cref="HandshakeRules"/> can give.</summary>
internal static class HandshakeRefusals
{
    private const string WebSocket = HandshakeRules.ProtocolName;
    private const string Version = HandshakeRules.ProtocolVersion;

    public static readonly HandshakeRefusal MethodNotGet =
        new(405, "A WebSocket is opened with GET.") { Allow = "GET" };

    public static readonly HandshakeRefusal Http10 =
        new(426, "HTTP/1.0 cannot carry a WebSocket: use HTTP/1.1.") { Upgrade = WebSocket };

    public static readonly HandshakeRefusal UpgradeRequired =
        new(426, "This address speaks WebSocket: the request needs the header 'Upgrade: websocket'.") { Upgrade = WebSocket };

    public static readonly HandshakeRefusal ConnectionWithoutUpgrade =
        new(400, "The header 'Connection: Upgrade' is missing; a proxy in between may have removed it.");

    public static readonly HandshakeRefusal Body =
        new(400, "The opening handshake of a WebSocket has no body.");

    public static readonly HandshakeRefusal VersionAmbiguous =
        new(400, "Sec-WebSocket-Version must be a single value.");

    public static readonly HandshakeRefusal VersionUnsupported =
        new(426, "Sec-WebSocket-Version must be 13.") { Upgrade = WebSocket, SupportedVersion = Version };

    // RFC 9110 15.5.22 wants an Upgrade header in every 426 and RFC 9113 8.2.2 forbids that header in HTTP/2, hence a 400 there;
    // RFC 6455 4.4 shows the same answer.
    public static readonly HandshakeRefusal VersionUnsupportedOverHttp2 =
        new(400, "Sec-WebSocket-Version must be 13.") { SupportedVersion = Version };

    public static readonly HandshakeRefusal Key =
        new(400, "Sec-WebSocket-Key must be one value: 16 bytes in base64 (24 characters).");

    public static readonly HandshakeRefusal GetOverHttp2 =
        new(400, "Over HTTP/2 a WebSocket is opened with extended CONNECT (:method CONNECT, :protocol websocket; RFC 8441), not with GET.");

    public static readonly HandshakeRefusal MethodNotConnect =
        new(405, "Over HTTP/2 a WebSocket is opened with extended CONNECT (RFC 8441).") { Allow = "CONNECT" };

    public static readonly HandshakeRefusal ConnectWithoutProtocol =
        new(400, "A CONNECT request needs ':protocol' websocket here (RFC 8441); this server is no proxy.");

    // RFC 9220 3 asks for 501; RFC 8441 leaves the status open.
    public static readonly HandshakeRefusal ConnectProtocolUnknown =
        new(501, "The only ':protocol' served here is websocket.");

    public static readonly HandshakeRefusal Subprotocols =
        new(400, "Sec-WebSocket-Protocol must be a list of at most 32 tokens of at most 4096 bytes each.");

    public static readonly HandshakeRefusal Extensions =
        new(400, "Sec-WebSocket-Extensions must be at most 16 offers by the grammar of RFC 6455 9.1, with tokens of at most 128 bytes.");
}
