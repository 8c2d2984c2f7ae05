using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;

namespace Waffle.WebSockets.Tests.AspNetCore;

/// <summary>What the settings of an endpoint do to requests on a real server.</summary>
public class EndpointOptionsTests
{
    [Theory]
    [InlineData(true, null, "HTTP/1.1 403")]
    [InlineData(true, "Origin: http://localhost", "HTTP/1.1 101")]
    [InlineData(false, null, "HTTP/1.1 101")]
    public async Task RequireOrigin_refuses_who_is_no_browser(bool isRequired, string? header, string status)
    {
        await using var host = await KestrelHost.StartAsync(app =>
            app.MapWebSocket("/ws", (_, _) => Task.CompletedTask, options => options.RequireOrigin = isRequired));

        Assert.StartsWith(status, await SendHeadAsync(host, "/ws", header), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HubKey_says_which_hub_the_clients_belong_to()
    {
        await using var host = await KestrelHost.StartAsync(
            app =>
            {
                app.MapWebSocketHub("/ws");
                app.MapWebSocketHub("/games", options => options.HubKey = "games");
                var error = Assert.Throws<InvalidOperationException>(() => app.MapWebSocketHub("/other", options => options.HubKey = "other"));
                Assert.Contains("No hub with the key \"other\" is registered.", error.Message, StringComparison.Ordinal);
            },
            builder =>
            {
                builder.Services.AddWebSocketHub();
                builder.Services.AddWebSocketHub("games");
            });
        var games = host.App.Services.GetRequiredKeyedService<WebSocketHub>("games");

        await using var gamer = await host.ConnectPeerAsync("/games");
        await Wait.Eventually(() => games.Count == 1);
        Assert.Equal(0, host.Hub.Count);
        await using var other = await host.ConnectPeerAsync("/ws");
        await Wait.Eventually(() => host.Hub.Count == 1);
        Assert.Equal(1, games.Count);
    }

    [Theory]
    [InlineData("?name=ann", "ann")]
    [InlineData("", null)]
    public async Task ClientId_names_the_client_and_null_leaves_it_the_connections_id(string query, string? id)
    {
        await using var host = await StartHubAsync(options => options.ClientId = http => http.Request.Query["name"]);
        await using var peer = await host.ConnectPeerAsync("/ws" + query);
        await Wait.Eventually(() => host.Hub.Count == 1);

        var client = host.Hub.Clients.Single();
        Assert.Equal(id ?? client.Connection.Id, client.Id);
    }

    [Theory]
    [InlineData("?name=")]
    [InlineData("?name=a%0Ab")]
    [InlineData("?name=12345")]
    public async Task A_client_id_that_cannot_be_is_refused_with_400(string query)
    {
        await using var host = await StartHubAsync(options => options.ClientId = http => http.Request.Query["name"]);

        Assert.StartsWith("HTTP/1.1 400", await SendHeadAsync(host, "/ws" + query), StringComparison.Ordinal);
        Assert.Equal(0, host.Hub.Count);
    }

    [Theory]
    [InlineData("17", "ann", "17")]
    [InlineData(null, "ann", "ann")]
    public async Task Without_a_ClientId_the_user_names_the_client(string? identifier, string name, string id)
    {
        List<Claim> claims = [new(ClaimTypes.Name, name)];
        if (identifier is not null)
        {
            claims.Add(new(ClaimTypes.NameIdentifier, identifier));
        }

        await using var host = await StartHubAsync(configure: null, new ClaimsPrincipal(new ClaimsIdentity(claims, "test")));
        await using var peer = await host.ConnectPeerAsync("/ws");
        await Wait.Eventually(() => host.Hub.Count == 1);

        Assert.Equal(id, host.Hub.Clients.Single().Id);
    }

    private static Task<KestrelHost> StartHubAsync(Action<WebSocketHubEndpointOptions>? configure, ClaimsPrincipal? user = null) => KestrelHost.StartAsync(
        app =>
        {
            app.Use((http, next) =>
            {
                http.User = user ?? http.User;
                return next(http);
            });
            app.MapWebSocketHub("/ws", configure);
        },
        builder => builder.Services.AddWebSocketHub(options => options.MaxClientIdLength = 4));

    private static async Task<string> SendHeadAsync(KestrelHost host, string path, string? header = null)
    {
        var request = RawHandshake.Request(path, lines =>
        {
            if (header is not null)
            {
                lines.Add(header);
            }
        });
        await using var stream = await host.ConnectAsync();
        return (await RawHandshake.SendAsync(stream, request)).Head;
    }
}
