using System.Text.Json;
using Waffle.WebSockets.Testing;

namespace Waffle.WebSockets.TestingTests.Verbs;

public sealed class TypedMessageTests
{
    private sealed record Order(string Drink, int CupCount);

    [Fact]
    public async Task A_request_has_its_reply_whatever_comes_before()
    {
        await using var hub = new WebSocketHub();
        var router = new MessageRouter().OnRequest<int, int>("double", async (client, number, ct) =>
        {
            await client.SendEventAsync("asked", number, default, ct);
            return 2 * number;
        });
        await using var client = await hub.ConnectTestClientAsync(router);

        Assert.Equal(42, await client.RequestAsync<int>("double", 21));
        Assert.Equal(4, await client.RequestAsync<int>("double", 2));
        Assert.Equal(21, await client.ReceiveEventAsync<int>("asked"));
        Assert.Equal(2, (await client.ReceiveEventAsync("asked")).GetData<int>());
        await client.ReceiveNothingAsync();
    }

    [Fact]
    public async Task A_request_without_a_payload_can_be_sent()
    {
        await using var hub = new WebSocketHub();
        await using var client = await hub.ConnectTestClientAsync(
            new MessageRouter().OnRequest("count", (client, ct) => Task.FromResult(client.Hub.Count)));

        Assert.Equal(1, await client.RequestAsync<int>("count"));
    }

    [Fact]
    public async Task An_error_reply_is_an_exception_with_its_code()
    {
        await using var hub = new WebSocketHub();
        await using var client = await hub.ConnectTestClientAsync(new MessageRouter()
            .OnRequest<int, int>("double", (client, number, ct) => throw new MessageRejectedException("too_much", "At most 7.")));

        var error = await Assert.ThrowsAsync<ErrorReplyException>(() => client.RequestAsync<int>("double", 8));

        Assert.Equal(("too_much", "At most 7."), (error.Code, error.Text));
        Assert.Contains("\"double\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Payloads_are_written_and_read_as_the_hub_does()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        await using var hub = new WebSocketHub(serializerOptions: json);
        await using var client = await hub.ConnectTestClientAsync(new MessageRouter()
            .On<Order>("order", async (client, order, ct) =>
            {
                await client.SendTypedMessageAsync("order", order with { CupCount = order.CupCount + 1 }, default, ct);
                await client.SendEventAsync("ordered", order, default, ct);
                await client.SendJsonAsync(order, default, ct);
            }));

        await client.SendMessageAsync("order", new Order("tea", 2), id: "7");

        var message = await client.ReceiveMessageAsync("order");
        Assert.Equal("""{"drink":"tea","cup_count":3}""", System.Text.Encoding.UTF8.GetString(message.Payload.Utf8.Span));
        Assert.Equal(new Order("tea", 2), await client.ReceiveEventAsync<Order>("ordered"));
        Assert.Equal(new Order("tea", 2), await client.ReceiveJsonAsync<Order>());

        await client.SendMessageAsync("order", new { drink = "coffee", cup_count = 1 });
        Assert.Equal(new Order("coffee", 2), await client.ReceiveMessageAsync<Order>("order"));
    }

    [Fact]
    public async Task A_payload_of_another_shape_fails_with_what_it_is()
    {
        await using var hub = new WebSocketHub();
        await using var client = await hub.ConnectTestClientAsync();
        await hub.BroadcastTypedMessageAsync("order", new { drink = 7 });
        await hub.BroadcastTextAsync("no JSON");
        await hub.BroadcastTypedMessageAsync<object?>("order", null);

        var wrong = await Assert.ThrowsAsync<WebSocketTestException>(() => client.ReceiveMessageAsync<Order>("order"));
        Assert.Contains("""{"type":"order","payload":{"drink":7}}""", wrong.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<WebSocketTestException>(() => client.ReceiveJsonAsync<Order>());
        await Assert.ThrowsAsync<WebSocketTestException>(() => client.ReceiveMessageAsync<Order>("order"));
    }

    [Fact]
    public async Task Messages_and_events_are_told_apart()
    {
        await using var hub = new WebSocketHub();
        await using var client = await hub.ConnectTestClientAsync();
        await hub.BroadcastEventAsync("news", 1);
        await hub.BroadcastTypedMessageAsync("news", 2);
        await hub.BroadcastTextAsync("news");

        Assert.Equal("news", (await client.ReceiveMessageAsync()).Type);
        Assert.Equal("news", (await client.ReceiveEventAsync()).Name);
        Assert.Equal("news", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Bare_json_and_a_message_that_was_made_before_can_be_sent()
    {
        var (hub, client) = await EchoClient.ConnectAsync();
        await using var _ = hub;
        await using var __ = client;

        await client.SendJsonAsync(new { text = "Tea?" });
        await client.SendMessageAsync(TypedMessage.Create("chat", 7));
        await client.SendMessageAsync("ping");

        Assert.Equal("""{"text":"Tea?"}""", await client.ReceiveTextAsync());
        Assert.Equal("""{"type":"chat","payload":7}""", await client.ReceiveTextAsync());
        Assert.Equal("""{"type":"ping"}""", await client.ReceiveTextAsync());
    }
}
