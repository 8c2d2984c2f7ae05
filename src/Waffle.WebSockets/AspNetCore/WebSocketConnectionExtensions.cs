using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets;

/// <summary>The way from a connection back to its request.</summary>
public static class WebSocketConnectionExtensions
{
    /// <summary>The request that became the connection: its route values, query, headers and services. For hub callbacks and message handlers.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>
    /// The request; <see langword="null"/> for a connection made by <see cref="WebSocketConnection.Create"/>. It must not be used after the end of the
    /// request, which comes when the handler and the hub's disconnect callback have ended; like any request it is not safe to use from several threads at once. For what
    /// goes on although the server stops, see <see cref="WebSocketDrain"/>.
    /// </returns>
    public static HttpContext? GetHttpContext(this WebSocketConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Request as HttpContext;
    }
}
