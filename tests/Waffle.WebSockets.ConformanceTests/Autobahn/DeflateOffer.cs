namespace Waffle.WebSockets.ConformanceTests.Autobahn;

/// <summary>An offer of permessage-deflate as Autobahn's client makes it; for its own messages it does what the server says.</summary>
/// <param name="ServerNoContextTakeover">Whether the server is asked to keep no context.</param>
/// <param name="ServerMaxWindowBits">The window that the server is asked to keep to; zero: it is not asked.</param>
internal sealed record DeflateOffer(bool ServerNoContextTakeover = false, int ServerMaxWindowBits = 0)
{
    /// <summary>What must be answered: all that was asked for is granted, and so is what the client said of itself.</summary>
    /// <param name="keepsContext">Whether the endpoint would keep contexts if it were not asked.</param>
    public string Answer(bool keepsContext) =>
        "permessage-deflate"
        + (ServerKeepsContext(keepsContext) ? string.Empty : "; server_no_context_takeover")
        + "; client_no_context_takeover"
        + (ServerMaxWindowBits == 0 ? string.Empty : $"; server_max_window_bits={ServerMaxWindowBits}");

    public bool ServerKeepsContext(bool keepsContext) => keepsContext && !ServerNoContextTakeover;

    /// <summary>The offer as it stands in <c>Sec-WebSocket-Extensions</c>.</summary>
    public override string ToString() =>
        "permessage-deflate; client_no_context_takeover; client_max_window_bits"
        + (ServerNoContextTakeover ? "; server_no_context_takeover" : string.Empty)
        + (ServerMaxWindowBits == 0 ? string.Empty : $"; server_max_window_bits={ServerMaxWindowBits}");
}
