using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Waffle.WebSockets.Testing.Client;

namespace Waffle.WebSockets.Testing.Server;

/// <summary>
/// Opens a connection to a server in memory (RFC 6455 4.1), through all of the application that lies before its endpoint.
/// </summary>
internal static class TestHandshake
{
    private const int KeyLength = 16;

    public static async Task<WebSocketTestClient> ConnectAsync(
        TestServer server,
        Uri address,
        WebSocketTestClientOptions options,
        TimeProvider time,
        JsonSerializerOptions json,
        CancellationToken cancellationToken)
    {
        var network = new TestNetwork(time, options.BufferSize);
        InMemoryUpgrade? upgrade = null;
        var response = await SendAsync(server, options, Configure, () => upgrade?.IsCutOff == true, cancellationToken);
        if (response.StatusCode != StatusCodes.Status101SwitchingProtocols)
        {
            network.AbortByServer();
            using var body = new StreamReader(response.Body);
            var text = await body.ReadToEndAsync(cancellationToken);
            throw new WebSocketTestRefusedException((HttpStatusCode)response.StatusCode, response.Headers, text);
        }

        var welcomed = upgrade!.IsForHub ? upgrade.Welcomed : Task.CompletedTask;
        var client = new WebSocketTestClient(network, new ServerRequest(response.Headers, upgrade.Ended, welcomed), options, json);
        if (options.WaitForConnectCallback)
        {
            await WaitUntilWelcomedAsync(client, cancellationToken);
        }

        return client;

        void Configure(HttpContext http)
        {
            SetRequest(http, address, options);
            upgrade = InMemoryUpgrade.AddTo(http, network);
            options.ConfigureRequest?.Invoke(http);
        }
    }

    private static async Task<HttpResponse> SendAsync(
        TestServer server,
        WebSocketTestClientOptions options,
        Action<HttpContext> configure,
        Func<bool> isCutOff,
        CancellationToken cancellationToken)
    {
        // Not the caller's token: the request lives as long as the connection.
        using var abort = new CancellationTokenSource();
        var waiting = new Waiting(
            options.Patience, static () => "What lies before the endpoint may wait for something, such as the application's clock.");
        try
        {
            var answer = server.SendAsync(configure, abort.Token);
            var http = await waiting.ForAsync(answer, "The server did not answer the handshake", cancellationToken);

            // An application may still have something to say, which nobody hears.
            return isCutOff() ? throw CutOff(error: null) : http.Response;
        }
        catch (Exception error) when (error is not WebSocketTestException && isCutOff())
        {
            throw CutOff(error);
        }
        catch
        {
            await abort.CancelAsync();
            throw;
        }

        static WebSocketTestException CutOff(Exception? error) => new("The server has cut the request off without an answer.", error);
    }

    private static async Task WaitUntilWelcomedAsync(WebSocketTestClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.WaitUntilWelcomedAsync(cancellationToken);
        }
        catch
        {
            client.Abort();
            throw;
        }
    }

    private static void SetRequest(HttpContext http, Uri address, WebSocketTestClientOptions options)
    {
        var request = http.Request;
        request.Method = HttpMethods.Get;
        request.Protocol = HttpProtocol.Http11;
        request.Scheme = address.Scheme is "wss" or "https" ? "https" : "http";
        request.Host = HostString.FromUriComponent(address.Authority);
        request.Path = PathString.FromUriComponent(address);
        request.QueryString = QueryString.FromUriComponent(address);
        var headers = request.Headers;
        headers.Connection = "Upgrade";
        headers.Upgrade = "websocket";
        headers.SecWebSocketVersion = "13";
        headers.SecWebSocketKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength));
        if (options.Subprotocols.Count > 0)
        {
            headers.SecWebSocketProtocol = string.Join(", ", options.Subprotocols);
        }

        if (options.OfferCompression)
        {
            headers.SecWebSocketExtensions = "permessage-deflate";
        }

        foreach (var (name, values) in options.Headers)
        {
            headers[name] = values;
        }

        if (options.User is { } user)
        {
            http.User = user;
        }
    }
}
