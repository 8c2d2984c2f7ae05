using System.Net;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Hubs;

/// <summary>Clients of a hub without a web application.</summary>
public sealed class HubClientTests
{
    [Fact]
    public async Task Clients_are_named_by_the_test_by_their_user_or_by_their_connection()
    {
        await using var hub = new WebSocketHub();
        await using var ann = await hub.ConnectTestClientAsync(options => options.ClientId = "ann");
        await using var bob = await hub.ConnectTestClientAsync(options => options.User = new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "bob")], "test")));
        await using var nobody = await hub.ConnectTestClientAsync();

        Assert.Equal(1, hub.User("ann").Count);
        Assert.Equal(1, hub.User("bob").Count);
        Assert.Contains(hub.Clients, client => client.Id == client.Connection.Id);
        Assert.True(hub.Clients.Single(client => client.Id == "bob").Connection.User.Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task A_name_that_no_client_may_have_is_refused()
    {
        await using var hub = new WebSocketHub();

        var refused = await Assert.ThrowsAsync<WebSocketTestRefusedException>(
            () => hub.ConnectTestClientAsync(options => options.ClientId = "bell\a"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
    }

    [Fact]
    public async Task Callbacks_see_the_request_that_the_test_has_made()
    {
        string? seen = null;
        await using var hub = new WebSocketHub(new WebSocketHubOptions
        {
            OnConnected = (client, _) =>
            {
                var request = client.Connection.GetHttpContext()!.Request;
                seen = $"{request.Path} {request.Query["room"]} {request.Headers["X-From"]} {request.RouteValues["lounge"]}";
                return Task.CompletedTask;
            },
        });

        await using var client = await hub.ConnectTestClientAsync(options =>
        {
            options.PathAndQuery = "/chat/here?room=tea";
            options.Headers["X-From"] = "test";
            options.ConfigureRequest = http => http.Request.RouteValues["lounge"] = "blue";
        });

        Assert.Equal("/chat/here tea test blue", seen);
    }

    [Fact]
    public async Task Handlers_come_from_the_hubs_services()
    {
        await using var services = new ServiceCollection()
            .AddSingleton("from the services").AddLogging().AddWebSocketHub().Services.BuildServiceProvider();
        var hub = services.GetRequiredService<WebSocketHub>();
        await using var client = await hub.ConnectTestClientAsync(new MessageRouter().On<int, Answering>("ask"));

        await client.SendMessageAsync("ask", 1);

        Assert.Equal("from the services", await client.ReceiveMessageAsync<string>("answer"));
    }

    [Fact]
    public async Task The_hubs_services_are_the_endpoints_and_the_requests()
    {
        var scoped = new List<object>();
        var services = new ServiceCollection().AddLogging().AddScoped<object>();
        services.Configure<WebSocketEndpointOptions>(options => options.MaxMessageSize = 100);
        services.AddWebSocketHub(options => options.OnConnected = (client, _) =>
        {
            scoped.Add(client.Connection.GetHttpContext()!.RequestServices.GetRequiredService<object>());
            return Task.CompletedTask;
        });
        await using var provider = services.BuildServiceProvider(validateScopes: true);
        var hub = provider.GetRequiredService<WebSocketHub>();

        await using var one = await hub.ConnectTestClientAsync();
        await using var two = await hub.ConnectTestClientAsync();

        Assert.Equal(100, hub.Clients.First().Connection.Options.MaxMessageSize);
        Assert.NotSame(scoped[0], scoped[1]);
    }

    [Fact]
    public async Task A_limit_of_the_endpoint_ends_the_connection()
    {
        await using var hub = new WebSocketHub();
        await using var client = await hub.ConnectTestClientAsync(options => options.ConfigureEndpoint = endpoint => endpoint.MaxMessageSize = 100);

        await client.SendBinaryAsync(new byte[101]);

        Assert.Equal(CloseCode.MessageTooBig, (await client.Completion).Code);
    }

    [Fact]
    public async Task A_hub_that_is_closed_says_goodbye()
    {
        await using var hub = new WebSocketHub();
        await using var before = await hub.ConnectTestClientAsync();
        await hub.CloseAsync();

        await using var after = await hub.ConnectTestClientAsync();

        Assert.Equal(CloseCode.GoingAway, (await before.Completion).Code);
        Assert.Equal(CloseCode.GoingAway, (await after.Completion).Code);
    }

    [Fact]
    public async Task Only_who_is_in_the_room_hears_of_it()
    {
        await using var hub = new WebSocketHub();
        var router = new MessageRouter()
            .OnRequest<string, JoinResult>("join", async (client, room, ct) => await client.JoinAsync(room, ct))
            .On<string>("say", async (client, text, ct) => await client.Rooms.Single().BroadcastTypedMessageAsync("said", text, default, ct));
        await using var ann = await hub.ConnectTestClientAsync(router);
        await using var bob = await hub.ConnectTestClientAsync(router);
        await using var carol = await hub.ConnectTestClientAsync(router);
        await ann.RequestAsync<JoinResult>("join", "tea");
        await bob.RequestAsync<JoinResult>("join", "tea");
        await carol.RequestAsync<JoinResult>("join", "coffee");

        await ann.SendMessageAsync("say", "Earl Grey?");

        Assert.Equal("Earl Grey?", await ann.ReceiveMessageAsync<string>("said"));
        Assert.Equal("Earl Grey?", await bob.ReceiveMessageAsync<string>("said"));
        await carol.ReceiveNothingAsync();
    }

    private sealed class Answering(string answer) : IMessageHandler<int>
    {
        public async Task HandleAsync(HubClient client, int payload, CancellationToken cancellationToken) =>
            await client.SendTypedMessageAsync("answer", answer, default, cancellationToken);
    }
}
