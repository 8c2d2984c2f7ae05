using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>An endpoint whose connections belong to a hub: name the client, accept, add, hand over, close, see it leave.</summary>
internal sealed class HubEndpoint(
    EndpointApplication application,
    EndpointSettings settings,
    WebSocketHub hub,
    Func<HttpContext, string?> clientId,
    Func<HubClient, CancellationToken, Task> handler)
{
    public Task HandleAsync(HttpContext http, Handshake? handshake)
    {
        var id = clientId(http);
        if (id is not null && !hub.IsValidClientId(id))
        {
            return HandshakeAnswer.RefuseAsync(http, HandshakeAnswer.InvalidClientId, application.Logger);
        }

        http.Features.Get<IHubWelcomeFeature>()?.Expect();
        var accepting = UpgradeHandler.AcceptAsync(http, application, settings, handshake);

        // Mostly it is done: no wait for it stays for as long as the connection.
        return accepting.IsCompletedSuccessfully ? Run(accepting.Result, id) : AwaitAndRunAsync(accepting, id);
    }

    /// <summary>The handler of an endpoint that only sends: reads on, and throws away what comes.</summary>
    public static async Task DiscardMessagesAsync(HubClient client, CancellationToken cancellationToken)
    {
        await foreach (var message in client.Connection.ReadAllAsync(cancellationToken))
        {
            _ = message;
        }
    }

    private async Task AwaitAndRunAsync(ValueTask<WebSocketConnection?> accepting, string? id) => await Run(await accepting, id);

    private Task Run(WebSocketConnection? connection, string? id)
    {
        if (connection is null)
        {
            return Task.CompletedTask;
        }

        _ = RunAsync(connection, id);
        return connection.Released;
    }

    private async Task RunAsync(WebSocketConnection connection, string? id)
    {
        try
        {
            var client = hub.Enter(connection, id);
            await HandlerRun.RunAsync(application.Logger, connection, ServeAsync, client);
            await client.Departure;
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

    private async Task ServeAsync(HubClient client, CancellationToken cancellationToken)
    {
        try
        {
            await hub.WelcomeAsync(client, CancellationToken.None);
        }
        catch (HubClosedException)
        {
            // The connection is being closed with 1001.
            return;
        }

        client.Connection.GetHttpContext()?.Features.Get<IHubWelcomeFeature>()?.SetWelcomed();
        await handler(client, cancellationToken);
    }
}
