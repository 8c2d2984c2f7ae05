using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>An endpoint whose connections are handled by a delegate: accept, hand over, close.</summary>
internal sealed class ConnectionEndpoint(
    EndpointApplication application, EndpointSettings settings, Func<HttpContext, WebSocketConnection, CancellationToken, Task> handler)
{
    public Task HandleAsync(HttpContext http, Handshake? handshake)
    {
        var accepting = UpgradeHandler.AcceptAsync(http, application, settings, handshake);

        // Mostly it is done: no wait for it stays for as long as the connection.
        return accepting.IsCompletedSuccessfully ? RunAsync(http, accepting.Result) : AwaitAndRunAsync(http, accepting);
    }

    private async Task AwaitAndRunAsync(HttpContext http, ValueTask<WebSocketConnection?> accepting) =>
        await RunAsync(http, await accepting);

    private Task RunAsync(HttpContext http, WebSocketConnection? connection) => connection is null
        ? Task.CompletedTask
        : HandlerRun.RunAsync(
            application.Logger, connection, static (run, token) => run.handler(run.http, run.connection, token), (handler, http, connection));
}
