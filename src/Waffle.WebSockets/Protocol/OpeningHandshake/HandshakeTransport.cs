namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>The HTTP version that carries an opening handshake: it decides which rules apply.</summary>
internal enum HandshakeTransport
{
    /// <summary>HTTP/1.0: has no upgrade (RFC 9110 7.8), so every handshake over it is refused.</summary>
    Http10,

    /// <summary>HTTP/1.1: GET with <c>Upgrade</c> (RFC 6455 4.2.1).</summary>
    Http11,

    /// <summary>HTTP/2: extended CONNECT (RFC 8441).</summary>
    Http2,
}
