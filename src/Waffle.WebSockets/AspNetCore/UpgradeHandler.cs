using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;
using Waffle.WebSockets.AspNetCore.DirectOutput;
using Waffle.WebSockets.Connections.Outbound;
using Waffle.WebSockets.Diagnostics;
using Waffle.WebSockets.Protocol.OpeningHandshake;
using Waffle.WebSockets.Protocol.PermessageDeflate;

namespace Waffle.WebSockets.AspNetCore;

/// <summary>Answers a request for a WebSocket: accepts it, or refuses it with a status and one line of reason.</summary>
internal static class UpgradeHandler
{
    /// <summary>Accepts the request, or answers it and returns <see langword="null"/>.</summary>
    /// <param name="http">The request.</param>
    /// <param name="application">What the endpoint belongs to.</param>
    /// <param name="settings">How to accept.</param>
    /// <param name="begun">The handshake that was begun for it; <see langword="null"/>: the request knows of one, or it begins here.</param>
    public static ValueTask<WebSocketConnection?> AcceptAsync(
        HttpContext http, EndpointApplication application, EndpointSettings settings, Handshake? begun = null) =>
        begun is null ? FindAndAcceptAsync(http, application, settings) : AcceptBegunAsync(http, application, settings, begun);

    private static async ValueTask<WebSocketConnection?> FindAndAcceptAsync(
        HttpContext http, EndpointApplication application, EndpointSettings settings)
    {
        if (http.Features.Get<Handshake>() is { } begun)
        {
            var accepted = await AcceptBegunAsync(http, application, settings, begun);
            if (accepted is not null)
            {
                http.Features.Set<Handshake>(null);
            }

            return accepted;
        }

        using var handshake = application.Handshakes.TryBegin(http, settings);
        if (handshake is null)
        {
            await HandshakeAnswer.RefuseAsync(http, HandshakeAnswer.TooManyHandshakes, application.Logger);
            return null;
        }

        return await AcceptBegunAsync(http, application, settings, handshake);
    }

    private static async ValueTask<WebSocketConnection?> AcceptBegunAsync(
        HttpContext http, EndpointApplication application, EndpointSettings settings, Handshake handshake)
    {
        if (handshake.IsOver)
        {
            // Its time was over, and it is cut: nobody is there to be answered.
            return null;
        }

        var logger = application.Logger;
        if (application.Drain.RefusesConnections)
        {
            await HandshakeAnswer.RefuseAsync(http, HandshakeAnswer.Draining(application.Drain.Options), logger);
            return null;
        }

        var decision = HandshakeRules.Decide(ReadRequest(http), settings.Subprotocols);
        if (!decision.IsAccepted)
        {
            CountLimit(handshake.Hits, decision.Refusal, http.Request.Headers);
            await HandshakeAnswer.RefuseAsync(http, decision.Refusal, logger);
            return null;
        }

        var verdict = settings.Origins.Evaluate(http.Request.Headers.Origin, http.Request.Scheme, http.Request.Host.Value ?? string.Empty);
        if (!verdict.IsAllowed)
        {
            await HandshakeAnswer.RefuseAsync(http, verdict.Refusal!, logger);
            return null;
        }

        var agreement = settings.Compression == MessageCompression.Disabled
            ? null
            : DeflateNegotiation.Choose(decision.ExtensionOffers, settings.Compression == MessageCompression.ContextTakeover);
        var transport = await UpgradeAsync(http, settings, decision, agreement);
        if (transport is null)
        {
            await HandshakeAnswer.RefuseAsync(http, GetNotSupported(http), logger);
            return null;
        }

        if (!handshake.TryEnd())
        {
            // Its time was over just now.
            return null;
        }

        var compression = agreement is { } agreed ? new ConnectionCompression(agreed, settings.CompressionThreshold) : null;
        var connection = new WebSocketConnection(transport, settings.Connection, application.Time, compression, handshake.Hits, application.Connections)
        {
            Subprotocol = decision.Subprotocol,
            AuthenticatedUser = http.Features.Get<IHttpAuthenticationFeature>()?.User,
            Request = http,
        };
        try
        {
            connection.Start();
            LimitAge(connection, settings, application.Drain.Options.HandlerTimeout);
            application.Drain.CloseIfDraining(connection);
            EndpointLog.Accepted(logger, connection.Id);
            return connection;
        }
        catch
        {
            connection.Abort();
            connection.Release();
            throw;
        }
    }

    // Not for all at the same age: those who came together would go and come back together.
    private static void LimitAge(WebSocketConnection connection, EndpointSettings settings, TimeSpan handlerTimeout)
    {
        if (settings.MaxConnectionAge > TimeSpan.Zero)
        {
            connection.LimitAge(settings.MaxConnectionAge * (0.9 + (0.2 * Random.Shared.NextDouble())), handlerTimeout);
        }
    }

    private static void CountLimit(LimitHits hits, HandshakeRefusal refusal, IHeaderDictionary headers)
    {
        if (refusal == HandshakeRefusals.Subprotocols && Subprotocols.IsOverLimit(headers.SecWebSocketProtocol))
        {
            hits.Add(Limits.Subprotocols, Subprotocols.MaxOffers);
        }
        else if (refusal == HandshakeRefusals.Extensions && ExtensionHeader.IsOverLimit(headers.SecWebSocketExtensions))
        {
            hits.Add(Limits.Extensions, ExtensionHeader.MaxOffers);
        }
    }

    private static HandshakeRequest ReadRequest(HttpContext http)
    {
        var headers = http.Request.Headers;
        return new HandshakeRequest
        {
            Transport = GetTransport(http.Request.Protocol),
            Method = http.Request.Method,
            ExtendedConnectProtocol = http.Features.Get<IHttpExtendedConnectFeature>()?.Protocol,
            HasBody = headers.ContentLength > 0 || headers.ContainsKey(HeaderNames.TransferEncoding),
            Upgrade = headers.Upgrade,
            Connection = headers.Connection,
            Key = headers.SecWebSocketKey,
            Version = headers.SecWebSocketVersion,
            Protocols = headers.SecWebSocketProtocol,
            Extensions = headers.SecWebSocketExtensions,
        };
    }

    private static HandshakeTransport GetTransport(string protocol)
    {
        if (HttpProtocol.IsHttp11(protocol))
        {
            return HandshakeTransport.Http11;
        }

        return HttpProtocol.IsHttp2(protocol) || HttpProtocol.IsHttp3(protocol) ? HandshakeTransport.Http2 : HandshakeTransport.Http10;
    }

    private static async Task<KestrelTransport?> UpgradeAsync(
        HttpContext http, EndpointSettings settings, HandshakeDecision decision, DeflateAgreement? compression)
    {
        LiftRequestLimits(http);
        HandshakeAnswer.SetAcceptHeaders(http, decision, compression);
        if (http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } extendedConnect)
        {
            // RFC 8441 5.1: the end of the stream stands for the end of the TCP connection.
            return CreateTransport(http, await extendedConnect.AcceptAsync(), http.Response.CompleteAsync);
        }

        if (http.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade)
        {
            return null;
        }

        var socket = settings.DirectSocket ? UpgradedSocket.Find(http) : null;
        var stream = await upgrade.UpgradeAsync();

        // Below the server's HTTP there is nothing left but the connection's own pipes: straight to them, a layer less for each message.
        return http.Features.Get<IConnectionTransportFeature>()?.Transport is { } pipes
            ? new KestrelTransport(http, pipes.Input, CreateOutput(http, pipes.Output, socket))
            : CreateTransport(http, stream, static () => Task.CompletedTask);
    }

    // Completing the socket's pipe closes the socket; behind TLS it closes nothing, so that TLS has to say it.
    private static ServerOutput CreateOutput(HttpContext http, PipeWriter writer, UpgradedSocket? socket) => new(
        socket?.CreateOutput(http, writer) ?? (IOutput)new PipeOutput(writer),
        http.Features.Get<ISslStreamFeature>()?.SslStream is { } tls ? tls.ShutdownAsync : static () => Task.CompletedTask);

    private static KestrelTransport CreateTransport(HttpContext http, Stream stream, Func<Task> end) => new(
        http,
        PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true)),
        new ServerOutput(new PipeOutput(PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true))), end));

    private static HandshakeRefusal GetNotSupported(HttpContext http) => http.Features.Get<IHttpWebSocketFeature>() is { IsWebSocketRequest: true }
        ? HandshakeAnswer.NotSupportedByTestServer
        : HandshakeAnswer.NotSupportedByServer;

    // The server's limits on bodies and their rates are for requests that end; our own are in the connection's options.
    // Over HTTP/2 the rate of responses is the whole connection's, and has no such feature.
    private static void LiftRequestLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bodySize)
        {
            bodySize.MaxRequestBodySize = null;
        }

        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
        {
            requestRate.MinDataRate = null;
        }

        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate)
        {
            responseRate.MinDataRate = null;
        }
    }
}
