using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>An endpoint whose connections are handled by a delegate: accept, hand over, close.</summary>
internal sealed class ConnectionEndpoint(
    EndpointSettings settings, Func<HttpContext, WebSocketConnection, CancellationToken, Task> handler)
{
    public async Task HandleAsync(HttpContext http)
    {
        var connection = await UpgradeHandler.AcceptAsync(http, settings);
        if (connection is not null)
        {
            await HandlerRun.RunAsync(http, connection, token => handler(http, connection, token));
        }
    }
}
