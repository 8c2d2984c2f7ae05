using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Verbs;

/// <summary>A client of a hub whose handler sends back what comes.</summary>
internal static class EchoClient
{
    public static async Task<(WebSocketHub Hub, WebSocketTestClient Client)> ConnectAsync(
        TimeProvider? time = null, Action<WebSocketHubTestClientOptions>? configure = null)
    {
        var hub = new WebSocketHub(time: time);
        return (hub, await hub.ConnectTestClientAsync(EchoAsync, configure));
    }

    public static async Task EchoAsync(HubClient client, CancellationToken cancellationToken)
    {
        await foreach (var message in client.Connection.ReadAllAsync(cancellationToken))
        {
            await client.Connection.WriteAsync(message.Kind, message.Data, cancellationToken);
        }
    }
}
