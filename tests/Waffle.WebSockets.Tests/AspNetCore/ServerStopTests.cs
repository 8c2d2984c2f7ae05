using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>An application that stops closes its WebSockets, and does not wait for its host to lose patience.</summary>
public sealed class ServerStopTests
{
    private readonly TaskCompletionSource<CloseInfo> _close = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("/ws", false)]
    [InlineData("/ws", true)]
    [InlineData("/hub", false)]
    [InlineData("/hub", true)]
    [InlineData("/accepted", false)]
    public async Task Every_connection_is_closed_with_1012_and_told_when_to_come_back(string path, bool isHttp2)
    {
        await using var host = await KestrelHost.StartAsync(Map, Configure, useTls: true, protocols: HttpProtocols.Http1AndHttp2);
        using var client = await ConnectAsync(host, path, isHttp2);

        var stop = host.App.StopAsync();

        var message = await client.ReceiveAsync(new byte[100], CancellationToken.None).Soon();
        Assert.Equal(WebSocketMessageType.Close, message.MessageType);
        Assert.Equal(1012, (int)client.CloseStatus!);
        Assert.Matches("^The server restarts. Come back in ([1-9]|10) s.$", client.CloseStatusDescription);
        await client.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, CancellationToken.None).Soon();
        var close = await _close.Task.Soon();
        Assert.Equal((CloseCause.Shutdown, CloseCode.ServiceRestart, true), (close.Cause, close.Code, close.IsNormal));
        await stop.Soon();
    }

    private static void Configure(WebApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromHours(1));
        builder.Services.AddWebSocketHub();
    }

    private static async Task<ClientWebSocket> ConnectAsync(KestrelHost host, string path, bool isHttp2)
    {
        var client = new ClientWebSocket();
        client.Options.HttpVersion = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback =
            static (_, presented, _, _) => presented?.GetCertHashString() == KestrelHost.Certificate.GetCertHashString();
        await client.ConnectAsync(host.WebSocketAddress(path), new HttpMessageInvoker(handler), CancellationToken.None).Soon();
        return client;
    }

    private void Map(WebApplication app)
    {
        app.MapWebSocket("/ws", (connection, _) => ReadAsync(connection));
        app.MapWebSocketHub("/hub", (client, _) => ReadAsync(client.Connection));
        app.Map("/accepted", async http =>
        {
            await using var connection = await http.AcceptWebSocketConnectionAsync();
            await ReadAsync(connection!);
        });
    }

    private async Task ReadAsync(WebSocketConnection connection)
    {
        await foreach (var _ in connection.ReadAllAsync())
        {
        }

        _close.SetResult(await connection.Completion);
    }
}
