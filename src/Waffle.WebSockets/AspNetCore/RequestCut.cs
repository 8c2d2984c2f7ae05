using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>The way to cut a request off: its stream, or the connection that it has for itself.</summary>
internal readonly struct RequestCut(HttpContext http)
{
    private readonly IHttpResetFeature? _stream = http.Features.Get<IHttpResetFeature>();
    private readonly IConnectionLifetimeFeature? _connection = http.Features.Get<IConnectionLifetimeFeature>();

    // RFC 9113 7 CANCEL, RFC 9114 8.1 H3_REQUEST_CANCELLED.
    private readonly int _cancelCode = HttpProtocol.IsHttp3(http.Request.Protocol) ? 0x10C : 8;

    /// <summary>Safe to call from any thread, more than once, and after the request's end.</summary>
    // HttpContext.Abort is the last choice: the server logs it at Information, and a peer that went away is no news.
    public void Abort()
    {
        try
        {
            if (_stream is not null)
            {
                _stream.Reset(_cancelCode);
            }
            else if (_connection is not null)
            {
                _connection.Abort();
            }
            else
            {
                http.Abort();
            }
        }
        catch (ObjectDisposedException)
        {
            // The request has ended.
        }
    }
}
