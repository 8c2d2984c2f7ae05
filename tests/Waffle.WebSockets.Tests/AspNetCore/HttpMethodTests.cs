using System.Globalization;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Tests.Connections;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>One mapped endpoint with a route value, a query and authorization, reached over HTTP/1.1 and HTTP/2, and what else is tried on it.</summary>
public sealed class HttpMethodTests
{
    private const string Path = "/rooms/tea/ws?color=green&user=ann";

    public static TheoryData<HttpProtocols> Protocols => [HttpProtocols.Http1, HttpProtocols.Http2];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task C86_a_GET_and_an_extended_CONNECT_have_the_same_user_route_value_and_query(HttpProtocols protocols)
    {
        await using var host = await StartAsync(protocols);
        var (status, peer) = await ConnectAsync(host, protocols, Path);
        Assert.Equal(protocols == HttpProtocols.Http1 ? 101 : 200, status);
        Assert.Equal("ann tea green", (await peer.NextAsync()).Text);
        await peer.SyncAsync();
        await peer.SendCloseAsync();
        await peer.ExpectCloseAsync(CloseCode.NormalClosure);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task C86_who_is_nobody_gets_401_over_both(HttpProtocols protocols)
    {
        await using var host = await StartAsync(protocols);
        Assert.Equal(401, (await ConnectAsync(host, protocols, "/rooms/tea/ws")).Status);
        Assert.Equal(0, host.Hub.Count);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "GET", 426)]
    [InlineData(HttpProtocols.Http1, "HEAD", 405)]
    [InlineData(HttpProtocols.Http1, "POST", 405)]
    [InlineData(HttpProtocols.Http2, "GET", 400)]
    [InlineData(HttpProtocols.Http2, "HEAD", 405)]
    [InlineData(HttpProtocols.Http2, "POST", 405)]
    public async Task C86_other_requests_are_told_what_is_wrong(HttpProtocols protocols, string method, int status)
    {
        await using var host = await StartAsync(protocols);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(host.Address, Path))
        {
            Version = protocols == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request).Soon();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Matches(method == "HEAD" ? "^$" : "^[^\\n]+\\n$", await response.Content.ReadAsStringAsync());
        Assert.Equal(status == 405, response.Content.Headers.Allow.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task C86_a_CONNECT_without_protocol_gets_a_4xx(HttpProtocols protocols)
    {
        await using var host = await StartAsync(protocols);
        if (protocols == HttpProtocols.Http1)
        {
            var request = RawHandshake.Request("", lines => lines[0] = "Host: localhost:80", "CONNECT localhost:80 HTTP/1.1");
            await using var connection = await host.ConnectAsync();
            var (head, _) = await RawHandshake.SendAsync(connection, request);
            Assert.InRange(StatusOf(head), 400, 499);
            return;
        }

        await using var peer = await Http2Peer.ConnectAsync(host);
        var stream = await peer.OpenAsync((":method", "CONNECT"), (":authority", "localhost"), ("sec-websocket-version", "13"));
        Assert.InRange(await stream.Status.Soon(), 400, 499);
    }

    private static Task<KestrelHost> StartAsync(HttpProtocols protocols) => KestrelHost.StartAsync(
        app =>
        {
            app.Use((http, next) =>
            {
                if (http.Request.Query["user"].ToString() is { Length: > 0 } name)
                {
                    http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test"));
                }

                return next(http);
            });
            app.UseAuthorization();
            app.MapWebSocketHub("/rooms/{room}/ws").RequireAuthorization(policy => policy.RequireAuthenticatedUser());
        },
        builder =>
        {
            builder.Services.AddAuthorization();
            builder.Services.AddAuthentication("Bearer").AddBearerToken("Bearer");
            builder.Services.AddWebSocketHub(options => options.OnConnected = static async (client, ct) =>
            {
                var request = client.Connection.GetHttpContext()!.Request;
                var user = client.Connection.User.Identity?.Name;
                await client.SendTextAsync($"{user} {request.RouteValues["room"]} {request.Query["color"]}", default, ct);
            });
        },
        protocols: protocols);

    private static async Task<(int Status, RawPeer Peer)> ConnectAsync(KestrelHost host, HttpProtocols protocols, string path)
    {
        if (protocols == HttpProtocols.Http1)
        {
            var (head, transport) = await RawHandshake.SendAsync(await host.ConnectAsync(), RawHandshake.Request(path));
            return (StatusOf(head), new RawPeer(transport));
        }

        var stream = await (await Http2Peer.ConnectAsync(host)).ConnectStreamAsync(path);
        return (await stream.Status.Soon(), stream.ToRawPeer());
    }

    private static int StatusOf(string head) => int.Parse(head.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
}
