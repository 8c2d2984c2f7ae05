using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>The byte stream of an upgraded request: the server's own pipes where there are such, else its stream.</summary>
/// <remarks>The server owns the input and completes it.</remarks>
internal sealed class KestrelTransport(HttpContext http, PipeReader input, IOutput output) : ConnectionTransport
{
    public override PipeReader Input => input;

    public override IOutput Output => output;

    public override void Abort()
    {
        try
        {
            http.Abort();
        }
        catch (ObjectDisposedException)
        {
            // The request has ended.
        }
    }

    public override ValueTask CompleteInputAsync() => default;
}
