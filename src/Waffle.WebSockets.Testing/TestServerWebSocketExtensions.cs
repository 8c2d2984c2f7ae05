using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Waffle.WebSockets.Testing;
using Waffle.WebSockets.Testing.Server;

// Found without a using of its own, beside TestServer.
namespace Microsoft.AspNetCore.TestHost;

/// <summary>Connects test clients to a whole application in memory.</summary>
public static class TestServerWebSocketExtensions
{
    /// <summary>Connects a client through the whole application: its middleware, authentication, filters and limits.</summary>
    /// <remarks>
    /// The server is <c>factory.Server</c> of a <c>WebApplicationFactory</c>, or <c>app.GetTestServer()</c> after
    /// <c>builder.WebHost.UseTestServer()</c>. Where the endpoint belongs to a hub, the client is in the hub when this returns, and the
    /// connect callback has ended.
    /// </remarks>
    /// <param name="server">The server.</param>
    /// <param name="pathAndQuery">Where the endpoint is, such as <c>/ws?user=ann</c>; a whole address sets scheme and host, too.</param>
    /// <param name="configure">Says how to connect.</param>
    /// <param name="cancellationToken">Ends the wait for the server.</param>
    /// <exception cref="WebSocketTestRefusedException">The server answered with something else than 101.</exception>
    /// <exception cref="WebSocketTestException">The server did not answer.</exception>
    /// <exception cref="ArgumentException">An option has a value that is not allowed.</exception>
    /// <example>
    /// <code>
    /// using Microsoft.AspNetCore.TestHost;
    ///
    /// await using var client = await app.GetTestServer().ConnectWebSocketAsync("/ws", options =>
    /// {
    ///     options.Headers.Origin = "https://example.com";
    ///     options.Subprotocols.Add("chat.v1");
    /// });
    /// Console.WriteLine(client.Subprotocol);
    /// </code>
    /// </example>
    public static Task<WebSocketTestClient> ConnectWebSocketAsync(
        this TestServer server,
        string pathAndQuery,
        Action<WebSocketTestClientOptions>? configure = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(pathAndQuery);
        var options = new WebSocketTestClientOptions();
        configure?.Invoke(options);
        options.ThrowIfInvalid();
        var time = server.Services.GetService<TimeProvider>() ?? TimeProvider.System;
        var json = options.JsonOptions ?? server.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return TestHandshake.ConnectAsync(server, new Uri(server.BaseAddress, pathAndQuery), options, time, json, cancellationToken);
    }
}
