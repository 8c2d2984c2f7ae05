namespace Waffle.WebSockets.Protocol.PermessageDeflate;

/// <summary>What server and client have agreed on for permessage-deflate (RFC 7692 7.1).</summary>
/// <param name="ServerNoContextTakeover">The server's messages refer to nothing before them.</param>
/// <param name="ClientNoContextTakeover">The client's messages refer to nothing before them.</param>
/// <param name="ServerMaxWindowBits">How far back the server's messages refer, as a power of two: 8 to 15; <see langword="null"/>: the client did not ask.</param>
/// <param name="ClientMaxWindowBits">How far back the client's messages refer, likewise; <see langword="null"/>: the client did not offer less.</param>
internal readonly record struct DeflateAgreement(
    bool ServerNoContextTakeover, bool ClientNoContextTakeover, int? ServerMaxWindowBits = null, int? ClientMaxWindowBits = null)
{
    public const int MinWindowBits = 8;
    public const int MaxWindowBits = 15;

    /// <summary>The window that a client's messages need to be inflated; zero if they need none.</summary>
    // A widely used compressor takes a window of 9 bits where it is told 8.
    public int InflateWindowBits => ClientNoContextTakeover ? 0 : Math.Max(MinWindowBits + 1, ClientMaxWindowBits ?? MaxWindowBits);

    /// <summary>How far back the server's messages may refer.</summary>
    public int DeflateWindowBits => ServerMaxWindowBits ?? MaxWindowBits;

    /// <summary>The answer's element of <c>Sec-WebSocket-Extensions</c> (RFC 7692 7.1).</summary>
    public override string ToString()
    {
        var answer = DeflateNegotiation.ExtensionName;
        answer += ServerNoContextTakeover ? $"; {DeflateNegotiation.ServerNoContextTakeover}" : string.Empty;
        answer += ClientNoContextTakeover ? $"; {DeflateNegotiation.ClientNoContextTakeover}" : string.Empty;
        answer += ServerMaxWindowBits is { } bits ? $"; {DeflateNegotiation.ServerMaxWindowBits}={bits}" : string.Empty;

        // RFC 7692 7.2.2: without it the client is bound to no smaller window, whatever it offered.
        answer += ClientMaxWindowBits is { } clientBits ? $"; {DeflateNegotiation.ClientMaxWindowBits}={clientBits}" : string.Empty;
        return answer;
    }
}
