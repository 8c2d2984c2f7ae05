using System.Net;
using Microsoft.AspNetCore.Http;

namespace Waffle.WebSockets.Testing;

/// <summary>The server answered the opening handshake with something else than 101.</summary>
/// <example>
/// <code>
/// using System.Net;
/// using Microsoft.AspNetCore.TestHost;
/// using Waffle.WebSockets.Testing;
///
/// try
/// {
///     await app.GetTestServer().ConnectWebSocketAsync("/ws", options => options.Headers.Origin = "https://elsewhere.example");
/// }
/// catch (WebSocketTestRefusedException refused) when (refused.Status == HttpStatusCode.Forbidden)
/// {
///     Console.WriteLine(refused.Body);
/// }
/// </code>
/// </example>
public sealed class WebSocketTestRefusedException : WebSocketTestException
{
    internal WebSocketTestRefusedException(HttpStatusCode status, IHeaderDictionary headers, string body)
        : base($"The server refused the connection with {(int)status}{(body.Length > 0 ? $": {body.TrimEnd()}" : ".")}")
    {
        Status = status;
        Headers = headers;
        Body = body;
    }

    /// <summary>The answer's status.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The answer's headers.</summary>
    public IHeaderDictionary Headers { get; }

    /// <summary>The answer's body as text; may be empty.</summary>
    public string Body { get; }
}
