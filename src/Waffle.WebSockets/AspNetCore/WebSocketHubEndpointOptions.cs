using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets;

/// <summary>As <see cref="WebSocketEndpointOptions"/>, for an endpoint whose connections belong to a hub.</summary>
/// <example>
/// <code>
/// builder.Services.AddWebSocketHub("games");
///
/// app.MapWebSocketHub("/games", router, options =>
/// {
///     options.HubKey = "games";
///     options.ClientId = http => http.User.FindFirst("sub")?.Value;
/// });
/// </code>
/// </example>
public sealed class WebSocketHubEndpointOptions : WebSocketEndpointOptions
{
    /// <summary>
    /// The client's id, from its request; asked before the connection is accepted. <see langword="null"/> as its result: the connection's own id. An id
    /// that is empty, too long or holds control characters is refused with 400. Default: the authenticated user's
    /// <see cref="ClaimTypes.NameIdentifier"/>, or else name, if there is one.
    /// </summary>
    public Func<HttpContext, string?> ClientId { get; set; } =
        static http => http.User.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? http.User.Identity?.Name;

    /// <summary>Which of several hubs: the key that it was registered with. Default <see langword="null"/>: the one without a key.</summary>
    public string? HubKey { get; set; }
}
