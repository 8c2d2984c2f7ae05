using Microsoft.Extensions.Primitives;

namespace Waffle.WebSockets.Protocol.OpeningHandshake;

/// <summary>What <see cref="HandshakeRules"/> needs to know of a client's opening handshake; any header may be absent.</summary>
/// <remarks>Not a record on purpose: its text form would print the subprotocols, which may hold a browser's bearer token.</remarks>
internal readonly struct HandshakeRequest
{
    /// <summary>The HTTP version of the request.</summary>
    public required HandshakeTransport Transport { get; init; }

    /// <summary>The request method as sent: methods are case-sensitive (RFC 9110 9.1).</summary>
    public required string Method { get; init; }

    /// <summary>The <c>:protocol</c> pseudo-header of an extended CONNECT, or null (RFC 8441 4).</summary>
    public string? ExtendedConnectProtocol { get; init; }

    /// <summary>Whether an HTTP/1.x request announces a body (a Content-Length above 0, or any Transfer-Encoding).</summary>
    public bool HasBody { get; init; }

    /// <summary>The lines of <c>Upgrade</c>.</summary>
    public StringValues Upgrade { get; init; }

    /// <summary>The lines of <c>Connection</c>.</summary>
    public StringValues Connection { get; init; }

    /// <summary>The lines of <c>Sec-WebSocket-Key</c>.</summary>
    public StringValues Key { get; init; }

    /// <summary>The lines of <c>Sec-WebSocket-Version</c>.</summary>
    public StringValues Version { get; init; }

    /// <summary>The lines of <c>Sec-WebSocket-Protocol</c>.</summary>
    public StringValues Protocols { get; init; }

    /// <summary>The lines of <c>Sec-WebSocket-Extensions</c>.</summary>
    public StringValues Extensions { get; init; }
}
