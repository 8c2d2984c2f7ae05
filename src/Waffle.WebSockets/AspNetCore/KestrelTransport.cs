using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Waffle.WebSockets.Connections;
using Waffle.WebSockets.Connections.Outbound;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>The byte stream of an upgraded request: the server's own pipes where there are such, else its stream.</summary>
/// <remarks>The server owns the input and completes it.</remarks>
internal sealed class KestrelTransport(HttpContext http, PipeReader input, ServerOutput output) : ConnectionTransport
{
    private readonly RequestCut _request = new(http);

    public override PipeReader Input => input;

    public override IOutput Output => output;

    public override void Abort() => _request.Abort();

    // At the end of the request the server writes to its TLS stream, which fails while a write of ours is pending there.
    public override ValueTask CompleteInputAsync() => new(output.Released);
}
