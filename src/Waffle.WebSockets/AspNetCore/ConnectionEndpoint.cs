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
        return accepting.IsCompletedSuccessfully ? Run(http, accepting.Result) : AwaitAndRunAsync(http, accepting);
    }

    private async Task AwaitAndRunAsync(HttpContext http, ValueTask<WebSocketConnection?> accepting) => await Run(http, await accepting);

    private Task Run(HttpContext http, WebSocketConnection? connection)
    {
        if (connection is null)
        {
            return Task.CompletedTask;
        }

        _ = RunAsync(http, connection);
        return connection.Released;
    }

    private async Task RunAsync(HttpContext http, WebSocketConnection connection)
    {
        try
        {
            await HandlerRun.RunAsync(
                application.Logger, connection, static (run, token) => run.handler(run.http, run.connection, token), (handler, http, connection));
        }
        catch (Exception error)
        {
            await HandlerRun.EndByFaultAsync(application.Logger, connection, error);
        }
        finally
        {
            connection.Release();
        }
    }
}
