using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Waffle.WebSockets.TestKit;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Applications;

public sealed class ConnectionTests
{
    [Fact]
    public async Task A_client_is_in_the_hub_and_its_rooms_when_it_has_connected()
    {
        await using var app = await TestApplication.StartAsync(
            app => app.MapWebSocketHub("/rooms/{room}"),
            builder => builder.Services.Configure<WebSocketHubOptions>(options => options.OnConnected = async (client, ct) =>
            {
                await Task.Yield();
                await client.JoinAsync((string)client.Connection.GetHttpContext()!.Request.RouteValues["room"]!, ct);
            }));

        await using var client = await app.Server.ConnectWebSocketAsync("/rooms/tea");

        Assert.Equal(1, app.Hub.Room("tea").Count);
        await client.CloseAsync();
        Assert.Equal(0, app.Hub.Count);
    }

    [Fact]
    public async Task An_endpoint_without_a_hub_has_clients_too()
    {
        await using var app = await TestApplication.StartAsync(app => app.MapWebSocket("/echo", async (connection, ct) =>
        {
            await foreach (var message in connection.ReadAllAsync(ct))
            {
                await connection.WriteAsync(message.Kind, message.Data, ct);
            }
        }));
        await using var client = await app.Server.ConnectWebSocketAsync("/echo");

        await client.SendTextAsync("Hello!");

        Assert.Equal("Hello!", await client.ReceiveTextAsync());
        Assert.Equal(CloseCode.NormalClosure, (await client.CloseAsync()).Code);
    }

    [Fact]
    public async Task A_handler_that_accepts_by_itself_has_clients_too()
    {
        await using var app = await TestApplication.StartAsync(app => app.Map("/any", async (HttpContext http) =>
        {
            await using var connection = await http.AcceptWebSocketConnectionAsync();
            await connection!.WriteTextAsync(http.Request.QueryString.Value!);
        }));

        await using var client = await app.Server.ConnectWebSocketAsync("/any?a=1&b=%C3%A9");

        Assert.Equal("?a=1&b=%C3%A9", await client.ReceiveTextAsync());
        Assert.Equal(CloseCode.NormalClosure, (await client.Completion.Soon()).Code);
        await client.WaitUntilLeftAsync();
    }

    [Fact]
    public async Task A_handler_that_throws_after_accepting_is_no_client_that_waits_for_ever()
    {
        await using var app = await TestApplication.StartAsync(app => app.Map("/fails", async (HttpContext http) =>
        {
            await http.AcceptWebSocketConnectionAsync();
            throw new InvalidOperationException("after the handshake");
        }));

        await using var client = await app.Server.ConnectWebSocketAsync("/fails");

        await client.Completion.Soon();
        await client.WaitUntilLeftAsync();
    }

    [Fact]
    public async Task Endpoints_of_the_frameworks_own_WebSockets_can_be_spoken_to()
    {
        await using var app = await TestApplication.StartAsync(app =>
        {
            app.UseWebSockets();
            app.Map("/plain", async (HttpContext http) =>
            {
                using var socket = await http.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[100];
                var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, endOfMessage: true, CancellationToken.None);
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "Enough.", CancellationToken.None);
            });
        });
        await using var client = await app.Server.ConnectWebSocketAsync("/plain");

        await client.SendTextAsync("Hello!");

        Assert.Equal("Hello!", await client.ReceiveTextAsync());
        Assert.Equal("Enough.", (await client.Completion.Soon()).Reason);
        await client.WaitUntilLeftAsync();
    }

    [Fact]
    public async Task Subprotocol_compression_and_headers_are_agreed_as_by_any_client()
    {
        await using var app = await TestApplication.StartAsync(app =>
        {
            app.Use((http, next) =>
            {
                http.Response.Headers["X-Seen"] = http.Request.Headers["X-Sent"];
                return next(http);
            });
            app.MapWebSocketHub("/ws", options =>
            {
                options.Subprotocols.Add("chat.v2");
                options.Subprotocols.Add("chat.v1");
                options.Compression = MessageCompression.NoContextTakeover;
            });
        });

        await using var client = await app.Server.ConnectWebSocketAsync("/ws", options =>
        {
            options.Subprotocols.Add("chat.v1");
            options.Subprotocols.Add("chat.v2");
            options.OfferCompression = true;
            options.Headers["X-Sent"] = "yes";
        });
        await app.Hub.BroadcastTextAsync(new string('x', 1_000));
        await app.Hub.BroadcastTextAsync(new string('x', 1_000));
        var messages = await client.ReceiveAllAsync();

        Assert.Equal(("chat.v2", true, "yes"), (client.Subprotocol, client.IsCompressed, client.ResponseHeaders["X-Seen"].ToString()));
        Assert.All(messages, message => Assert.True(message.WasCompressed && message.Text == new string('x', 1_000)));
        Assert.Equal(2, messages.Count);
    }

    [Fact]
    public async Task The_applications_json_is_the_clients()
    {
        await using var app = await TestApplication.StartAsync(
            app => app.MapWebSocketHub(
                "/ws", new MessageRouter().OnRequest<Cup, Cup>("fill", (_, cup, _) => Task.FromResult(cup with { FillLevel = 7 }))),
            builder => builder.Services.ConfigureHttpJsonOptions(
                json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower));
        await using var client = await app.Server.ConnectWebSocketAsync("/ws");

        await client.SendMessageAsync("fill", new Cup(1));

        Assert.Equal("""{"fill_level":7}""", (await client.ReceiveMessageAsync("fill")).Payload.As<JsonElement>().GetRawText());
        Assert.Equal(new Cup(7), await client.RequestAsync<Cup>("fill", new Cup(2)));
    }

    [Fact]
    public async Task An_application_that_stops_closes_with_1012()
    {
        await using var app = await TestApplication.StartAsync(app => app.MapWebSocketHub("/ws"));
        await using var client = await app.Server.ConnectWebSocketAsync("/ws");

        await app.StopAsync();

        Assert.Equal(CloseCode.ServiceRestart, (await client.Completion.Soon()).Code);
    }

    [Fact]
    public async Task The_request_is_aborted_when_the_client_resets_the_connection()
    {
        var aborted = new TaskCompletionSource();
        await using var app = await TestApplication.StartAsync(app => app.MapWebSocket("/ws", async (http, connection, ct) =>
        {
            http.RequestAborted.Register(aborted.SetResult);
            await Wait.ForCancellationAsync(ct);
        }));
        await using var client = await app.Server.ConnectWebSocketAsync("/ws");

        client.Abort();

        await aborted.Task.Soon();
        await client.WaitUntilLeftAsync();
    }

    [Fact]
    public async Task A_cut_client_is_found_by_the_heartbeat_of_the_applications_clock()
    {
        await using var app = await TestApplication.StartAsync(app => app.MapWebSocketHub("/ws"));
        await using var client = await app.Server.ConnectWebSocketAsync("/ws");
        client.Network.Cut();

        app.Time.Advance(TimeSpan.FromSeconds(41));
        await client.WaitUntilLeftAsync();

        Assert.Equal(0, app.Hub.Count);
    }

    [Fact]
    public async Task Many_clients_connect_talk_and_leave_at_once_and_nothing_is_left_behind()
    {
        await using var app = await TestApplication.StartAsync(
            app => app.MapWebSocketHub("/ws", new MessageRouter().OnRequest<int, int>("double", (_, number, _) => Task.FromResult(2 * number))));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            await using var client = await app.Server.ConnectWebSocketAsync("/ws");
            client.Network.Split(1 + i);
            for (var n = 0; n < 10; n++)
            {
                Assert.Equal(2 * n, await client.RequestAsync<int>("double", n));
            }

            await client.ReceiveNothingAsync();
        }));

        Assert.Equal(0, app.Hub.Count);
    }

    private sealed record Cup(int FillLevel);
}
