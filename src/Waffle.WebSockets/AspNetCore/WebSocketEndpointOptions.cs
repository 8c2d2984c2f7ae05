namespace Waffle.WebSockets;

/// <summary>How an endpoint accepts connections, and what they run with.</summary>
/// <remarks>
/// The application's defaults are configured with <c>services.Configure&lt;WebSocketEndpointOptions&gt;(…)</c>; each endpoint changes a copy of them.
/// Wrong values fail when the endpoint is mapped. The server's limits on bodies and their rates are lifted for a WebSocket, with one exception: over
/// HTTP/2 Kestrel's <c>Limits.MinResponseDataRate</c> (240 bytes per second by default) is for a whole connection, and a client that takes less of what
/// waits for it is cut off with all its streams.
/// </remarks>
/// <example>
/// <code>
/// builder.Services.Configure&lt;WebSocketEndpointOptions&gt;(builder.Configuration.GetSection("WebSockets"));
///
/// app.MapWebSocketHub("/ws", router, options =>
/// {
///     options.AllowedOrigins.Add("https://*.example.com");
///     options.MaxMessageSize = 64 * 1024;
/// });
/// </code>
/// </example>
public class WebSocketEndpointOptions : WebSocketConnectionOptions
{
    /// <summary>The subprotocols that the endpoint speaks, the preferred first (RFC 6455 1.9). Default: none.</summary>
    public IList<string> Subprotocols { get; private set; } = [];

    /// <summary>
    /// Origins of other hosts from which browsers may connect; the request's own host is always allowed. With a scheme, as in
    /// <c>https://*.example.com</c>, scheme, host and port must match; without one, host and port. <c>*</c> stands for characters within one label, or
    /// alone for any origin. Default: none.
    /// </summary>
    public IList<string> AllowedOrigins { get; private set; } = [];

    /// <summary>Whether a request without an Origin header, which no browser sends, is refused with 403. Default <see langword="false"/>.</summary>
    public bool RequireOrigin { get; set; }

    /// <summary>
    /// Whether any origin is allowed, so that any web page can connect with its visitor's cookies. For development; a warning is logged elsewhere.
    /// Default <see langword="false"/>.
    /// </summary>
    public bool DangerouslyAllowAnyOrigin { get; set; }

    /// <summary>
    /// How many opening handshakes may be under way in the whole application, at all its endpoints together; one more at this endpoint is refused with 503 and
    /// <c>Retry-After</c>. A handshake is under way from the first filter of an endpoint of <c>MapWebSocket…</c> until the connection is accepted or the request
    /// refused; with <c>http.AcceptWebSocketConnectionAsync</c> during that call alone. What comes before, such as authorization, is not counted. Default 1,000;
    /// zero: no limit.
    /// </summary>
    public int MaxConcurrentHandshakes { get; set; } = 1_000;

    /// <summary>
    /// How long an opening handshake (see <see cref="MaxConcurrentHandshakes"/>) may take before its request is cut off, as when a filter hangs. The hub's connect
    /// callback comes after it: the connection is accepted then. Default 10 s; zero: for ever.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How old a connection may become, give or take a tenth at random; then it is closed with 1012 and the cause <see cref="CloseCause.MaxAge"/>, when the messages that
    /// the client has sent are handled, or <see cref="WebSocketDrainOptions.HandlerTimeout"/> later. So that clients spread over new servers, and old workers of a proxy
    /// end. Default zero: any age.
    /// </summary>
    public TimeSpan MaxConnectionAge { get; set; }

    /// <summary>
    /// Whether messages are compressed with clients that offer it (RFC 7692, permessage-deflate). Default <see cref="MessageCompression.Disabled"/>:
    /// compression costs time and memory, and must not be used where a message holds both a secret and what an attacker chose.
    /// </summary>
    public MessageCompression Compression { get; set; }

    /// <summary>From how many bytes on a message is compressed, unless <see cref="SendOptions.Compress"/> says. Default 512, at least 0.</summary>
    public int CompressionThreshold { get; set; } = 512;

    /// <summary>
    /// Whether frames go straight into the connection's socket where nothing lies between: plain HTTP/1.1 on Kestrel's socket transport, on Linux, without
    /// middleware on the connection. Everywhere else, and always without it, they take the server's pipe, which costs more time for each. Default
    /// <see langword="true"/>.
    /// </summary>
    public bool DirectSocket { get; set; } = true;

    /// <summary>Copies every setting of <paramref name="source"/>, lists included.</summary>
    internal void CopyFrom(WebSocketEndpointOptions source)
    {
        base.CopyFrom(source);
        Subprotocols = [.. source.Subprotocols];
        AllowedOrigins = [.. source.AllowedOrigins];
        RequireOrigin = source.RequireOrigin;
        MaxConcurrentHandshakes = source.MaxConcurrentHandshakes;
        HandshakeTimeout = source.HandshakeTimeout;
        MaxConnectionAge = source.MaxConnectionAge;
        Compression = source.Compression;
        CompressionThreshold = source.CompressionThreshold;
        DirectSocket = source.DirectSocket;
        DangerouslyAllowAnyOrigin = source.DangerouslyAllowAnyOrigin;
    }
}
