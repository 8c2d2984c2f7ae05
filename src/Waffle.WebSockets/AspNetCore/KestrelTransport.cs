using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>The byte stream of an upgraded request: the server's own pipes where there are such, else its stream.</summary>
/// <remarks>The server owns the input and completes it; completing the output ends the connection once all is sent.</remarks>
internal sealed class KestrelTransport(HttpContext http, PipeReader input, PipeWriter output) : ConnectionTransport
{
    public override PipeReader Input => input;

    public override IOutput Output { get; } = new PipeOutput(output);

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
