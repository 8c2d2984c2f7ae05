using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>The byte stream of an upgraded request: the server's own pipes where there are such, else its stream.</summary>
/// <remarks>The server owns the input and completes it.</remarks>
internal sealed class KestrelTransport(HttpContext http, PipeReader input, ServerOutput output) : ConnectionTransport
{
    private readonly IHttpResetFeature? _stream = http.Features.Get<IHttpResetFeature>();
    private readonly IConnectionLifetimeFeature? _connection = http.Features.Get<IConnectionLifetimeFeature>();

    // RFC 9113 7 CANCEL, RFC 9114 8.1 H3_REQUEST_CANCELLED.
    private readonly int _cancelCode = HttpProtocol.IsHttp3(http.Request.Protocol) ? 0x10C : 8;

    public override PipeReader Input => input;

    public override IOutput Output => output;

    // HttpContext.Abort is the last choice: the server logs it at Information, and a peer that went away is no news.
    public override void Abort()
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

    // At the end of the request the server writes to its TLS stream, which fails while a write of ours is pending there.
    public override ValueTask CompleteInputAsync() => new(output.Released);
}
