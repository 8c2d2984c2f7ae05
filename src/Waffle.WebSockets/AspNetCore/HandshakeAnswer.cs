using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Waffle.WebSockets.Protocol.OpeningHandshake;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>The HTTP answers to an opening handshake (RFC 6455 4.2.2).</summary>
internal static class HandshakeAnswer
{
    /// <summary>The server in front of us can't hand over the connection.</summary>
    public static HandshakeRefusal NotSupportedByServer { get; } = new(StatusCodes.Status501NotImplemented, "This server can't upgrade the connection.");

    /// <summary>As <see cref="NotSupportedByServer"/>, where the server speaks the protocol itself, as the in-memory server of ASP.NET Core's tests does.</summary>
    public static HandshakeRefusal NotSupportedByTestServer { get; } = new(
        StatusCodes.Status501NotImplemented,
        "This server can't upgrade the connection. In a test, connect by ConnectWebSocketAsync of the package Waffle.WebSockets.Testing.");

    /// <summary>The endpoint's client id is no name that a hub can use.</summary>
    public static HandshakeRefusal InvalidClientId { get; } = new(StatusCodes.Status400BadRequest, "The client's name is empty, too long or not printable.");

    /// <summary>As many handshakes are under way as the endpoint allows.</summary>
    public static HandshakeRefusal TooManyHandshakes { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "Too many connections are being opened: try again in a moment.") { RetryWithin = 10 };

    /// <summary>The application is drained.</summary>
    public static HandshakeRefusal Draining(WebSocketDrainOptions options) =>
        new(StatusCodes.Status503ServiceUnavailable, "The server restarts: try again in a moment.")
        {
            RetryWithin = DrainOptionsRules.WholeSeconds(options.ReconnectWindow),
        };

    /// <summary>Puts what the client needs to see into the answer's headers; status and upgrade are the server's.</summary>
    public static void SetAcceptHeaders(HttpContext http, HandshakeDecision decision, DeflateAgreement? compression)
    {
        var headers = http.Response.Headers;
        if (decision.AcceptKey is { } acceptKey)
        {
            headers.Connection = "Upgrade";
            headers.Upgrade = HandshakeRules.ProtocolName;
            headers.SecWebSocketAccept = acceptKey;
        }

        if (decision.Subprotocol is { } subprotocol)
        {
            headers.SecWebSocketProtocol = subprotocol;
        }

        if (compression is { } agreement)
        {
            headers.SecWebSocketExtensions = agreement.ToString();
        }
    }

    /// <summary>Answers with status and reason, and has an HTTP/1.x connection closed: what follows on it may be meant as frames.</summary>
    public static async Task RefuseAsync(HttpContext http, HandshakeRefusal refusal, ILogger logger)
    {
        Log(http, refusal, logger);
        var response = http.Response;
        response.Clear();
        response.StatusCode = refusal.Status;
        SetRefusalHeaders(http, refusal);
        var line = refusal.Reason + "\n";
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = line.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.WriteAsync(line, http.RequestAborted);
        }
    }

    // A browser shows its developer no more than that the connection failed; in production anybody could fill the log.
    private static void Log(HttpContext http, HandshakeRefusal refusal, ILogger logger)
    {
        var isDevelopment = http.RequestServices?.GetService<IHostEnvironment>()?.IsDevelopment() == true;
        var level = isDevelopment ? LogLevel.Warning : LogLevel.Debug;
        if (logger.IsEnabled(level))
        {
            var (origin, host) = (Shorten(http.Request.Headers.Origin), Shorten(http.Request.Host.Value));
            EndpointLog.Refused(logger, level, refusal.Status, refusal.Reason, origin, host);
        }
    }

    private static void SetRefusalHeaders(HttpContext http, HandshakeRefusal refusal)
    {
        var headers = http.Response.Headers;
        if (refusal.Allow is { } allow)
        {
            headers.Allow = allow;
        }

        if (refusal.RetryWithin is { } seconds)
        {
            headers.RetryAfter = Random.Shared.Next(1, seconds + 1).ToString(CultureInfo.InvariantCulture);
        }

        if (refusal.SupportedVersion is { } version)
        {
            headers.SecWebSocketVersion = version;
        }

        var isHttp1 = HttpProtocol.IsHttp11(http.Request.Protocol) || HttpProtocol.IsHttp10(http.Request.Protocol);
        if (isHttp1 && refusal.Upgrade is { } upgrade)
        {
            // RFC 9110 7.8: who sends Upgrade names it in Connection.
            headers.Upgrade = upgrade;
            headers.Connection = "close, Upgrade";
        }
        else if (isHttp1)
        {
            headers.Connection = "close";
        }
    }

    // For the log: what the client sent, cut and without control characters.
    private static string Shorten(string? value)
    {
        const int MaxLength = 64;
        var start = value is null ? [] : value.AsSpan(0, Math.Min(value.Length, MaxLength));
        return string.Create(start.Length, start, static (text, source) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        });
    }
}
