using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.Testing;

/// <summary>How a test client connects. Read once, when it does.</summary>
public class WebSocketTestClientOptions
{
    /// <summary>
    /// Headers of the request, such as <c>Origin</c>, <c>Cookie</c> and <c>Authorization</c>, in place of those that the client would send.
    /// </summary>
    public IHeaderDictionary Headers { get; } = new HeaderDictionary();

    /// <summary>
    /// Who the client is, as if the application had authenticated the request; a scheme of the application's that finds somebody else wins.
    /// <see langword="null"/>, the default: nobody.
    /// </summary>
    public ClaimsPrincipal? User { get; set; }

    /// <summary>The subprotocols that the client offers, the preferred first. Default: none.</summary>
    public IList<string> Subprotocols { get; } = [];

    /// <summary>Whether the client offers permessage-deflate. Default <see langword="false"/>.</summary>
    public bool OfferCompression { get; set; }

    /// <summary>Changes the request when all else is in it. Default: nothing.</summary>
    public Action<HttpContext>? ConfigureRequest { get; set; }

    /// <summary>
    /// How many bytes each direction holds that have not arrived, before its sender has to wait. Default 64 KiB, at least 1.
    /// </summary>
    public int BufferSize { get; set; } = 64 * 1024;

    /// <summary>How payloads are read and written; <see langword="null"/>, the default: as the application does.</summary>
    public JsonSerializerOptions? JsonOptions { get; set; }

    /// <summary>
    /// How long the client waits for the server before the test fails, in real time: the only time of the client's that is not the
    /// application's. It bounds each wait by itself, and not while a debugger is attached. Default 30 s, more than zero.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether connecting waits until the hub's connect callback has ended, so that the client is in the hub, and in the rooms that the
    /// callback joined. Default <see langword="true"/>. Turn it off where the callback itself waits for the client.
    /// </summary>
    public bool WaitForConnectCallback { get; set; } = true;

    /// <exception cref="ArgumentException">An option has a value that is not allowed.</exception>
    internal void ThrowIfInvalid()
    {
        if (BufferSize < 1)
        {
            throw new ArgumentException($"BufferSize is {BufferSize}; allowed is 1 or more.");
        }

        if (Patience <= TimeSpan.Zero)
        {
            throw new ArgumentException($"Patience is {Patience}; allowed is more than zero.");
        }
    }
}
