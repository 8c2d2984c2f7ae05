using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Waffle.WebSockets.Testing.Server;

namespace Waffle.WebSockets.Testing;

/// <summary>Connects test clients to a hub by itself, without a web application.</summary>
public static class WebSocketHubTestExtensions
{
    private const string AnyPath = "/{**path}";

    /// <summary>
    /// Connects a client whose messages go to a router, through an endpoint that is made for it. When this returns it is in the hub, and
    /// the connect callback has ended.
    /// </summary>
    /// <remarks>All runs on the hub's clock, with its JSON options, its log, and its services.</remarks>
    /// <param name="hub">The hub: an application's, or one that the test has made.</param>
    /// <param name="router">The router.</param>
    /// <param name="configure">Says how to connect, and to what.</param>
    /// <param name="cancellationToken">Ends the wait for the hub.</param>
    /// <exception cref="WebSocketTestRefusedException">The endpoint refused, such as for the client's id.</exception>
    /// <exception cref="WebSocketTestException">The connect callback did not end.</exception>
    /// <exception cref="ArgumentException">An option has a value that is not allowed.</exception>
    /// <example>
    /// <code>
    /// using Waffle.WebSockets.Testing;
    ///
    /// var options = new WebSocketHubOptions { OnConnected = async (client, ct) => await client.JoinAsync("tea", ct) };
    /// await using var hub = new WebSocketHub(options);
    /// var router = new MessageRouter().OnRequest&lt;int, int&gt;("double", (client, number, ct) => Task.FromResult(2 * number));
    ///
    /// await using var ann = await hub.ConnectTestClientAsync(router, connect => connect.ClientId = "ann");
    ///
    /// Console.WriteLine(await ann.RequestAsync&lt;int&gt;("double", 21));
    /// Console.WriteLine(hub.Room("tea").Count);
    /// </code>
    /// </example>
    public static Task<WebSocketTestClient> ConnectTestClientAsync(
        this WebSocketHub hub,
        MessageRouter router,
        Action<WebSocketHubTestClientOptions>? configure = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(router);
        return ConnectAsync(hub, (app, change) => app.MapWebSocketHub(AnyPath, router, change), configure, cancellationToken);
    }

    /// <summary>Connects a client that is read by a delegate.</summary>
    /// <param name="hub">The hub: an application's, or one that the test has made.</param>
    /// <param name="handler">Reads the client's connection; when it ends, the connection is closed.</param>
    /// <param name="configure">Says how to connect, and to what.</param>
    /// <param name="cancellationToken">Ends the wait for the hub.</param>
    /// <inheritdoc cref="ConnectTestClientAsync(WebSocketHub, MessageRouter, Action{WebSocketHubTestClientOptions}?, CancellationToken)"/>
    public static Task<WebSocketTestClient> ConnectTestClientAsync(
        this WebSocketHub hub,
        Func<HubClient, CancellationToken, Task> handler,
        Action<WebSocketHubTestClientOptions>? configure = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return ConnectAsync(hub, (app, change) => app.MapWebSocketHub(AnyPath, handler, change), configure, cancellationToken);
    }

    /// <summary>Connects a client to a hub that only sends: what the client sends is thrown away.</summary>
    /// <param name="hub">The hub: an application's, or one that the test has made.</param>
    /// <param name="configure">Says how to connect, and to what.</param>
    /// <param name="cancellationToken">Ends the wait for the hub.</param>
    /// <inheritdoc cref="ConnectTestClientAsync(WebSocketHub, MessageRouter, Action{WebSocketHubTestClientOptions}?, CancellationToken)"/>
    public static Task<WebSocketTestClient> ConnectTestClientAsync(
        this WebSocketHub hub, Action<WebSocketHubTestClientOptions>? configure = null, CancellationToken cancellationToken = default) =>
        ConnectAsync(hub, static (app, change) => app.MapWebSocketHub(AnyPath, change), configure, cancellationToken);

    private static async Task<WebSocketTestClient> ConnectAsync(
        WebSocketHub hub,
        Action<IEndpointRouteBuilder, Action<WebSocketHubEndpointOptions>> map,
        Action<WebSocketHubTestClientOptions>? configure,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hub);
        var options = new WebSocketHubTestClientOptions();
        configure?.Invoke(options);
        options.ThrowIfInvalid();
        var server = await HubTestServer.StartAsync(hub, app => map(app, SetEndpoint));
        var address = new Uri(server.BaseAddress, options.PathAndQuery);
        return await TestHandshake.ConnectAsync(server, address, options, hub.Time, options.JsonOptions ?? hub.Json, cancellationToken);

        void SetEndpoint(WebSocketHubEndpointOptions endpoint)
        {
            if (options.ClientId is { } id)
            {
                endpoint.ClientId = _ => id;
            }

            options.ConfigureEndpoint?.Invoke(endpoint);
        }
    }
}
