using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Waffle.WebSockets;
using Waffle.WebSockets.AspNetCore;

// Found without a using.
namespace Microsoft.AspNetCore.Http;

/// <summary>Accepts a WebSocket inside any request handler.</summary>
public static class WebSocketHttpContextExtensions
{
    private static readonly ConditionalWeakTable<WebSocketEndpointOptions, EndpointSettings> _settings = [];

    /// <summary>Accepts the request as a WebSocket, or refuses it.</summary>
    /// <param name="http">The request. Its handler must not end before the connection does.</param>
    /// <param name="options">Checked at first use and read then; <see langword="null"/>: the application's defaults.</param>
    /// <returns>The connection, which is disposed of at the end of the request; <see langword="null"/>: the request was refused and is answered.</returns>
    /// <exception cref="OptionsValidationException">An option has a value that is not allowed.</exception>
    public static async ValueTask<WebSocketConnection?> AcceptWebSocketConnectionAsync(
        this HttpContext http, WebSocketEndpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        options ??= http.RequestServices.GetRequiredService<IOptions<WebSocketEndpointOptions>>().Value;
        var settings = _settings.GetValue(options, static value => new EndpointSettings(value));
        StartWarnings.LogOnce(http.RequestServices, settings);
        var connection = await UpgradeHandler.AcceptAsync(http, settings);
        if (connection is not null)
        {
            http.Response.RegisterForDisposeAsync(connection);
        }

        return connection;
    }
}
