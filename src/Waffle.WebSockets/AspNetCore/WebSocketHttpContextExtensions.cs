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
    /// <remarks>
    /// Take it with <c>await using</c>: the request must not end before the connection has, or what waits to be sent is lost. An exception of the handler's
    /// then closes with 1000; close with <see cref="CloseCode.InternalError"/> in a <c>catch</c> if the peer is to know.
    /// </remarks>
    /// <example>
    /// <code>
    /// app.Map("/ws", async (HttpContext http) =>
    /// {
    ///     await using var connection = await http.AcceptWebSocketConnectionAsync();
    ///     if (connection is not null)
    ///     {
    ///         await connection.WriteTextAsync("hello");
    ///     }
    /// });
    /// </code>
    /// </example>
    /// <param name="http">The request.</param>
    /// <param name="options">Checked at first use and read then; <see langword="null"/>: the application's defaults.</param>
    /// <returns>
    /// The connection; <see langword="null"/>: the request was refused and is answered, or it was cut off after
    /// <see cref="WebSocketEndpointOptions.HandshakeTimeout"/>.
    /// </returns>
    /// <exception cref="OptionsValidationException">An option has a value that is not allowed.</exception>
    public static async ValueTask<WebSocketConnection?> AcceptWebSocketConnectionAsync(
        this HttpContext http, WebSocketEndpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        options ??= http.RequestServices.GetRequiredService<IOptions<WebSocketEndpointOptions>>().Value;
        var settings = _settings.GetValue(options, static value => new EndpointSettings(value));
        StartWarnings.LogOnce(http.RequestServices, settings);
        var connection = await UpgradeHandler.AcceptAsync(http, EndpointApplication.For(http.RequestServices), settings);
        if (connection is not null)
        {
            http.Response.RegisterForDisposeAsync(new AcceptedConnection(connection));
        }

        return connection;
    }
}
