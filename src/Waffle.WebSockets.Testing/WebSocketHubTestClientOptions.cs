namespace Waffle.WebSockets.Testing;

/// <summary>How a test client connects to a hub without a web application around it.</summary>
public sealed class WebSocketHubTestClientOptions : WebSocketTestClientOptions
{
    /// <summary>The path and query of the request, for callbacks that read it. Default "/".</summary>
    public string PathAndQuery { get; set; } = "/";

    /// <summary>
    /// The hub's name for the client; <see langword="null"/>, the default: as an endpoint would name it, by
    /// <see cref="WebSocketTestClientOptions.User"/>.
    /// </summary>
    public string? ClientId { get; set; }

    /// <summary>Changes the options of the endpoint that the client connects to, such as its limits and times. Default: nothing.</summary>
    public Action<WebSocketHubEndpointOptions>? ConfigureEndpoint { get; set; }
}
