using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.TestKit.Interop;

/// <summary>What a handshake came to, as the server sees it.</summary>
public sealed record InteropAgreement(string Protocol, bool IsTls, string Extensions)
{
    public static InteropAgreement Of(HubClient client)
    {
        var http = (HttpContext)client.Connection.Request!;
        return new(http.Request.Protocol, http.Request.IsHttps, http.Response.Headers.SecWebSocketExtensions.ToString());
    }

    /// <summary>What it has to come to with a client that can compress, and leaves all else to the server.</summary>
    public static InteropAgreement Expected(InteropTransport transport, MessageCompression compression) => new(
        transport.IsHttp2() ? HttpProtocol.Http2 : HttpProtocol.Http11,
        transport.IsTls(),
        compression switch
        {
            MessageCompression.Disabled => string.Empty,
            MessageCompression.NoContextTakeover => "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            _ => "permessage-deflate",
        });
}
