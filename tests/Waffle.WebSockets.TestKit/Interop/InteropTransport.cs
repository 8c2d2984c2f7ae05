using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Waffle.WebSockets.TestKit.Interop;

/// <summary>What is below the WebSocket.</summary>
public enum InteropTransport
{
    Http11,
    Http11Tls,
    Http2,
    Http2Tls,
}

public static class InteropTransports
{
    public static bool IsTls(this InteropTransport transport) => transport is InteropTransport.Http11Tls or InteropTransport.Http2Tls;

    public static bool IsHttp2(this InteropTransport transport) => transport is InteropTransport.Http2 or InteropTransport.Http2Tls;

    /// <summary>What a server speaks that is to be reached so. With TLS the client chooses HTTP/2; without, nobody can choose.</summary>
    public static HttpProtocols ServerProtocols(this InteropTransport transport) => transport switch
    {
        InteropTransport.Http2 => HttpProtocols.Http2,
        InteropTransport.Http2Tls => HttpProtocols.Http1AndHttp2,
        _ => HttpProtocols.Http1,
    };
}
