using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Waffle.WebSockets;
using Waffle.WebSockets.AspNetCore;

// Found without a using, as all Map… methods are.
namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps WebSocket endpoints.</summary>
public static class WebSocketEndpointRouteBuilderExtensions
{
    /// <summary>Maps an endpoint whose connections are handled by a delegate; when that ends, the connection is closed.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="handler">
    /// Gets each connection and a token that fires when work for it is no longer needed. If it throws, the error is logged and the connection closed with 1011.
    /// </param>
    /// <param name="configure">Changes a copy of the application's defaults for this endpoint.</param>
    /// <returns>The endpoint's conventions, such as <c>RequireAuthorization</c>.</returns>
    /// <exception cref="OptionsValidationException">An option has a value that is not allowed.</exception>
    public static IEndpointConventionBuilder MapWebSocket(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        Func<WebSocketConnection, CancellationToken, Task> handler,
        Action<WebSocketEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return endpoints.MapWebSocket(pattern, (_, connection, cancellationToken) => handler(connection, cancellationToken), configure);
    }

    /// <summary>As the other overload; the handler sees the request, too: route values, services, user.</summary>
    /// <inheritdoc cref="MapWebSocket(IEndpointRouteBuilder, string, Func{WebSocketConnection, CancellationToken, Task}, Action{WebSocketEndpointOptions}?)"/>
    public static IEndpointConventionBuilder MapWebSocket(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        Func<HttpContext, WebSocketConnection, CancellationToken, Task> handler,
        Action<WebSocketEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(handler);
        var options = CreateOptions<WebSocketEndpointOptions>(endpoints, configure);
        var settings = CreateSettings(endpoints, options);
        var application = EndpointApplication.For(endpoints.ServiceProvider);
        return Map(endpoints, pattern, application, settings, new ConnectionEndpoint(application, settings, handler).HandleAsync);
    }

    /// <summary>Maps an endpoint whose connections become clients of a hub, and whose messages go to a router.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="router">Where messages go.</param>
    /// <param name="configure">Changes a copy of the application's defaults for this endpoint.</param>
    /// <returns>The endpoint's conventions, such as <c>RequireAuthorization</c>.</returns>
    /// <exception cref="OptionsValidationException">An option has a value that is not allowed.</exception>
    /// <exception cref="InvalidOperationException">No hub is registered; call <c>AddWebSocketHub</c>.</exception>
    public static IEndpointConventionBuilder MapWebSocketHub(
        this IEndpointRouteBuilder endpoints, string pattern, MessageRouter router, Action<WebSocketHubEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(router);
        return endpoints.MapWebSocketHub(pattern, router.RunAsync, configure);
    }

    /// <summary>Maps an endpoint whose connections become clients of a hub, and are read by a delegate.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="handler">Reads the client's connection; when it ends, the connection is closed.</param>
    /// <param name="configure">Changes a copy of the application's defaults for this endpoint.</param>
    /// <inheritdoc cref="MapWebSocketHub(IEndpointRouteBuilder, string, MessageRouter, Action{WebSocketHubEndpointOptions}?)"/>
    public static IEndpointConventionBuilder MapWebSocketHub(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        Func<HubClient, CancellationToken, Task> handler,
        Action<WebSocketHubEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(handler);
        var options = CreateOptions<WebSocketHubEndpointOptions>(endpoints, configure);
        var hub = GetHub(endpoints.ServiceProvider, options.HubKey);
        var settings = CreateSettings(endpoints, options);
        var application = EndpointApplication.For(endpoints.ServiceProvider);
        return Map(endpoints, pattern, application, settings, new HubEndpoint(application, settings, hub, options.ClientId, handler).HandleAsync);
    }

    /// <summary>Maps an endpoint whose connections become clients of a hub that only sends: what the clients send is thrown away.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="configure">Changes a copy of the application's defaults for this endpoint.</param>
    /// <inheritdoc cref="MapWebSocketHub(IEndpointRouteBuilder, string, MessageRouter, Action{WebSocketHubEndpointOptions}?)"/>
    public static IEndpointConventionBuilder MapWebSocketHub(
        this IEndpointRouteBuilder endpoints, string pattern, Action<WebSocketHubEndpointOptions>? configure = null) =>
        endpoints.MapWebSocketHub(pattern, HubEndpoint.DiscardMessagesAsync, configure);

    // No method metadata: HTTP/1.1 connects by GET, HTTP/2 by CONNECT, and every other method gets our answer.
    private static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder endpoints,
        string pattern,
        EndpointApplication application,
        EndpointSettings settings,
        Func<HttpContext, Handshake?, Task> accept)
    {
        RequestDelegate unfiltered = http => accept(http, null);
        var builder = endpoints.Map(pattern, unfiltered).WithDisplayName($"WebSocket {pattern}");

        // Around the filters, which are there only at last.
        builder.Finally(endpoint => endpoint.RequestDelegate = new HandshakeEndpoint(
            application, settings, accept, filtered: endpoint.RequestDelegate == unfiltered ? null : endpoint.RequestDelegate).HandleAsync);
        return builder;
    }

    private static TOptions CreateOptions<TOptions>(IEndpointRouteBuilder endpoints, Action<TOptions>? configure)
        where TOptions : WebSocketEndpointOptions, new()
    {
        var options = new TOptions();
        options.CopyFrom(endpoints.ServiceProvider.GetRequiredService<IOptions<WebSocketEndpointOptions>>().Value);
        configure?.Invoke(options);
        return options;
    }

    private static EndpointSettings CreateSettings(IEndpointRouteBuilder endpoints, WebSocketEndpointOptions options)
    {
        var settings = new EndpointSettings(options);
        StartWarnings.LogOnce(endpoints.ServiceProvider, settings);
        return settings;
    }

    private static WebSocketHub GetHub(IServiceProvider services, string? key)
    {
        var hub = (key is null ? services.GetService<WebSocketHub>() : services.GetKeyedService<WebSocketHub>(key))
            ?? throw new InvalidOperationException(
                $"No hub{(key is null ? string.Empty : $" with the key \"{key}\"")} is registered. Call builder.Services.AddWebSocketHub(…) first.");
        foreach (var events in services.GetServices<HubEventsService>().Where(events => events.Key == key))
        {
            events.Create(services);
        }

        return hub;
    }
}
